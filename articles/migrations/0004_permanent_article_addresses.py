from django.db import migrations

from articles.addresses import kept_addresses


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_citations")]

    operations = [kept_addresses()]
