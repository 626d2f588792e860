import django.db.models.deletion
from django.db import migrations, models

from helpline.publishing import roles


class Migration(migrations.Migration):
    dependencies = [
        ("lines", "0006_staged_wraps"),
        ("records", "0003_closing_a_month"),
        ("publishing", "0001_releases"),
    ]

    operations = [
        migrations.CreateModel(
            name="Counted",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(help_text="Its first day.")),
                ("programme", models.CharField(help_text="Its digest: in which order.", max_length=64)),
                (
                    "counts",
                    models.BinaryField(
                        help_text="Whole numbers of 8 bytes; empty when they were forgotten.", null=True
                    ),
                ),
                ("waits", models.JSONField(default=dict, help_text="By channel.")),
                (
                    "reports",
                    models.JSONField(default=dict, help_text="What was the matter with records, and how many."),
                ),
                ("counted_at", models.DateTimeField(auto_now_add=True)),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="counted", to="lines.line"
                    ),
                ),
            ],
            options={
                "ordering": ["month"],
                "constraints": [
                    models.UniqueConstraint(fields=("line", "month", "programme"), name="publishing_counted_once"),
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="publishing_counted_first_day"),
                ],
            },
        ),
        migrations.RunPython(roles.make, migrations.RunPython.noop),
    ]
