from django.db import migrations

from elendihub.triggers import unreplaced


class Migration(migrations.Migration):
    dependencies = [("legislation", "0007_audited_law")]

    operations = [unreplaced("legislation_deadline"), unreplaced("legislation_nationaldate")]
