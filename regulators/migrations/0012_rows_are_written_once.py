from django.db import migrations

from elendihub.triggers import frozen, unreplaced


class Migration(migrations.Migration):
    dependencies = [("regulators", "0011_contributors_of_versions")]

    # What they refuse became more.
    operations = [frozen("regulators_hubversion"), unreplaced("regulators_hub")]
