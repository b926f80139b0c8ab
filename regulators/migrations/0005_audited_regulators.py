from django.db import migrations

from elendihub.auditing import audited


class Migration(migrations.Migration):
    dependencies = [("regulators", "0004_words_for_editors"), ("elendihub", "0004_audited_accounts")]

    operations = [
        audited("regulators_jurisdiction"),
        audited("regulators_regulator"),
        audited("regulators_regulatorname"),
        audited("regulators_website"),
        audited("regulators_hub"),
        audited("regulators_responsibility"),
        audited("regulators_fact"),
        # Frozen rows keep their texts themselves.
        audited("regulators_hubversion", without=["overview", "overview_html"]),
    ]
