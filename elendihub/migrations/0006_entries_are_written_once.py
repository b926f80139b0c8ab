from django.db import migrations

from elendihub.triggers import frozen


class Migration(migrations.Migration):
    dependencies = [("elendihub", "0005_audited_accounts")]

    # What it refuses became more.
    operations = [frozen("elendihub_auditentry")]
