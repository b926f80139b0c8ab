from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("elendihub", "0003_what_is_kept_while_writing")]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(blank=True, max_length=150)),
                ('user_id', models.BigIntegerField(blank=True, null=True)),
                ('road', models.CharField(choices=[('desk', 'The desk'), ('site', 'Another page'), ('command', 'A command'), ('shell', 'A shell or another program')], max_length=8)),
                ('table', models.CharField(max_length=63)),
                ('row', models.TextField()),
                ('action', models.CharField(choices=[('added', 'Added'), ('changed', 'Changed'), ('deleted', 'Deleted')], max_length=8)),
                ('before', models.JSONField()),
                ('after', models.JSONField()),
            ],
            options={
                'verbose_name_plural': 'audit trail',
                'ordering': ['-id'],
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['at'], name='auditentry_at'), models.Index(fields=['row', 'table'], name='auditentry_row_table'), models.Index(fields=['table', '-id'], name='auditentry_table'), models.Index(fields=['actor', '-id'], name='auditentry_actor')],
            },
        ),
    ]
