from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_audit_chain"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="user", name="accounts_user_role"),
        migrations.AlterField(
            model_name="user",
            name="role",
            field=models.CharField(
                choices=[
                    ("counsellor", "Counsellor"),
                    ("supervisor", "Supervisor"),
                    ("operator", "Operator"),
                    ("editor", "Editor"),
                    ("analyst", "Analyst"),
                    ("auditor", "Auditor"),
                ],
                default="counsellor",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role__in", ["counsellor", "supervisor", "operator", "editor", "analyst", "auditor"])
                ),
                name="accounts_user_role",
            ),
        ),
    ]
