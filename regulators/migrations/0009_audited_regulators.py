from django.db import migrations

from elendihub.auditing import audited


class Migration(migrations.Migration):
    dependencies = [("regulators", "0008_review_comments"), ("elendihub", "0005_audited_accounts")]

    operations = [
        audited("regulators_jurisdiction"),
        audited("regulators_regulator"),
        audited("regulators_regulatorname"),
        audited("regulators_website"),
        audited("regulators_hub"),
        audited("regulators_responsibility"),
        audited("regulators_fact"),
        audited("regulators_hub_contributors"),
        audited("regulators_hubcomment"),
        audited("regulators_membership"),
        # Frozen rows keep their texts themselves.
        audited("regulators_hubversion", without=["overview", "overview_html"]),
    ]
