from django.db import migrations

from elendihub.auditing import audited
from elendihub.triggers import frozen


class Migration(migrations.Migration):
    dependencies = [("elendihub", "0004_auditentry"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        frozen("elendihub_auditentry"),
        audited("auth_user", secret=["password"]),
        audited("auth_group"),
        audited("auth_user_groups"),
        audited("auth_user_user_permissions"),
        audited("auth_group_permissions"),
    ]
