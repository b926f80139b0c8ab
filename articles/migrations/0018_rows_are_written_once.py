from django.db import migrations, models

from articles.flagging import flagging_amendments
from elendihub.columns import AddRule
from elendihub.triggers import frozen, unreplaced


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0017_settled_addresses"),
        ("regulators", "0011_contributors_of_versions"),
    ]

    operations = [
        AddRule(
            model_name="check",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "confirmed"), _negated=True),
                    ("sources__0__url__isnull", False),
                    _connector="OR",
                ),
                name="check_that_confirms_names_a_source",
                violation_error_message="Name at least one source that the text was compared with.",
            ),
        ),
        # A flag that is there already is not inserted again.
        flagging_amendments(),
        # What they refuse became more.
        frozen("articles_articleversion"),
        frozen("articles_versiontopic"),
        frozen("articles_citation"),
        frozen("articles_pastaddress"),
        frozen("articles_check"),
        frozen("articles_flag"),
        unreplaced("articles_article"),
        unreplaced("articles_formerslug"),
        unreplaced("articles_category"),
        unreplaced("articles_topic"),
    ]
