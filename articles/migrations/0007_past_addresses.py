import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from articles.addresses import left_addresses
from elendihub.triggers import frozen, kept


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0006_words_for_editors'),
        ('regulators', '0004_words_for_editors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PastAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='past_addresses', to='articles.article')),
                ('hub', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regulators.hub')),
                ('slug', models.SlugField(max_length=100)),
                ('left_at', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'past addresses',
                'indexes': [models.Index(fields=['article', 'left_at'], name='past_address_of_article')],
            },
        ),
        frozen("articles_pastaddress"),
        left_addresses(),
        # Filters of pages as at a moment go by these.
        kept("articles_category", "slug", once_in="articles_articleversion", by="category_id"),
        kept("articles_topic", "slug", once_in="articles_versiontopic", by="topic_id"),
        migrations.AddIndex(
            model_name='articleversion',
            index=models.Index(fields=['-live_from', '-id'], name='article_version_latest'),
        ),
    ]
