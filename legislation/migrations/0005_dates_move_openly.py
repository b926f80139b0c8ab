from django.db import migrations

from elendihub.triggers import counted
from legislation.triggers import moving_dates


class Migration(migrations.Migration):
    dependencies = [("legislation", "0004_former_dates"), ("elendihub", "0001_generation")]

    operations = [
        # SQLite rebuilt the table of national dates for its constraint and dropped the triggers with it.
        counted("legislation_nationaldate"),
        counted("legislation_formerdate"),
        moving_dates(),
    ]
