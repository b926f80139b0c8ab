from django.db import migrations

from elendihub.triggers import counted, frozen


class Migration(migrations.Migration):
    dependencies = [("regulators", "0001_regulators_and_hubs"), ("elendihub", "0001_generation")]

    operations = [
        frozen("regulators_hubversion"),
        counted("regulators_hubversion"),
        counted("regulators_hub", columns="slug, jurisdiction_id"),
        counted("regulators_jurisdiction"),
        counted("regulators_regulator"),
        counted("regulators_regulatorname"),
        counted("regulators_website"),
    ]
