from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Days by slug, as in fixtures/topics.json, which a database that has its content already does not read again.
BY_RISK = {
    "certificates-and-derogations": 90,
    "classification": 365,
    "legislation-and-guidance": 90,
    "qualification": 365,
    "quality-and-risk": 365,
    "transitional-provisions": 30,
    "udi-and-registration": 90,
    "vigilance": 90,
}
# What 0008 gave to every topic that there was.
GIVEN_TO_ALL = 180


def tell_apart(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    topics = apps.get_model("articles", "Topic").objects.all()
    if topics.exclude(review_days=GIVEN_TO_ALL).exists():
        # Somebody has chosen already.
        return
    for slug, days in BY_RISK.items():
        topics.filter(slug=slug).update(review_days=days)


class Migration(migrations.Migration):
    dependencies = [("articles", "0012_audited_articles")]

    operations = [migrations.RunPython(tell_apart, migrations.RunPython.noop)]
