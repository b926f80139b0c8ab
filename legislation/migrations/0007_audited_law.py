from django.db import migrations

from elendihub.auditing import audited


class Migration(migrations.Migration):
    dependencies = [("legislation", "0006_when_amendments_were_recorded"), ("elendihub", "0005_audited_accounts")]

    operations = [
        audited("legislation_instrument"),
        audited("legislation_instrumentname"),
        audited("legislation_relation"),
        audited("legislation_provision"),
        audited("legislation_amendment"),
        audited("legislation_incorporation"),
        audited("legislation_deadline"),
        audited("legislation_deadline_instruments"),
        audited("legislation_nationaldate"),
        audited("legislation_formerdate"),
        audited("legislation_term"),
    ]
