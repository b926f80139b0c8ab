from django.db import migrations

from elendihub.triggers import kept


class Migration(migrations.Migration):
    dependencies = [("regulators", "0002_permanent_hub_versions")]

    operations = [kept("regulators_hub", "slug", once_in="regulators_hubversion", by="hub_id")]
