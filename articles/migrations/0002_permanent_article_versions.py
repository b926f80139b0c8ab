from django.db import migrations

from elendihub.triggers import counted, frozen


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_articles"), ("elendihub", "0001_generation")]

    operations = [
        frozen("articles_articleversion"),
        frozen("articles_versiontopic"),
        counted("articles_articleversion"),
        counted("articles_article", columns="slug, hub_id"),
        counted("articles_formerslug"),
        counted("articles_category"),
        counted("articles_topic"),
    ]
