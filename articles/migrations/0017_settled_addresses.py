from django.db import migrations

from articles.addresses import install_leaving


class Migration(migrations.Migration):
    dependencies = [("articles", "0016_sources_in_turn")]

    # The trigger of 0007 with a moment that pages as at a moment wait for. An older site works with this one, too.
    operations = [migrations.RunPython(install_leaving, migrations.RunPython.noop)]
