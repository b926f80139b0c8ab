from django.db import migrations

from articles.addresses import kept_addresses


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_terms_explained")]

    operations = [kept_addresses()]
