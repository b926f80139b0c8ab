from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from regulators import reading
from regulators.models.hub_citation import values_of


def read(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What the stored texts cite, as the register has it today; a site without hubs asks for nothing.

    The recogniser asks for the register as the code of today knows it: a later migration that gives the tables of the
    law another shape goes before this one.
    """
    citations = apps.get_model("regulators", "HubCitation").objects
    for version in apps.get_model("regulators", "HubVersion").objects.order_by("pk"):
        for values in values_of(reading.records_of(version)):
            instrument, provision = values.pop("instrument"), values.pop("provision")
            citations.create(
                version=version,
                instrument_id=instrument.pk if instrument else None,
                provision_id=provision.pk if provision else None,
                **values,
            )


class Migration(migrations.Migration):
    dependencies = [("regulators", "0013_citations_of_hubs"), ("legislation", "0008_dates_are_not_replaced")]

    operations = [migrations.RunPython(read, migrations.RunPython.noop)]
