from django.db import migrations

from elendihub.triggers import counted


class Migration(migrations.Migration):
    dependencies = [("legislation", "0001_the_register_of_law"), ("elendihub", "0001_generation")]

    operations = [
        counted("legislation_instrument"),
        counted("legislation_instrumentname"),
        counted("legislation_relation"),
        counted("legislation_provision"),
        counted("legislation_amendment"),
        counted("legislation_incorporation"),
        counted("legislation_deadline"),
        counted("legislation_deadline_instruments"),
        counted("legislation_nationaldate"),
        counted("legislation_term"),
    ]
