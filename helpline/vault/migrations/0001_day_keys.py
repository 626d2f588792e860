from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="DayKey",
            fields=[
                (
                    "name",
                    models.CharField(
                        help_text="Random, and never used for another key.",
                        max_length=40,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField(help_text="What it wraps was sealed on this day.")),
                ("made_on", models.DateField(help_text="Later than the day where it took over from another key.")),
                (
                    "is_writing",
                    models.BooleanField(default=True, help_text="New things of its day are wrapped under it."),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_writing", True)), fields=("day",), name="vault_one_writing_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SpentDayKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(db_index=True, max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="EndedDayKey",
            fields=[("name", models.CharField(max_length=40, primary_key=True, serialize=False))],
        ),
    ]
