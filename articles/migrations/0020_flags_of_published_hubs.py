from django.db import migrations

from articles.flagging import flagging_the_past


class Migration(migrations.Migration):
    dependencies = [("articles", "0019_flags_of_hubs"), ("regulators", "0014_citations_of_published_hubs")]

    operations = [flagging_the_past()]
