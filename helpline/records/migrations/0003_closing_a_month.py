"""How a contact went, in one code; by which lists it was coded; what may not be coded any more."""

import django.db.models.deletion
from django.db import migrations, models

# What was counted before: over, unless its conversation goes on.
FATES = """
UPDATE records_contactrecord record SET fate = CASE
    WHEN record.is_answered THEN 'answered'
    WHEN record.wait_seconds < 10 THEN 'left_within_10s'
    ELSE 'left_in_queue'
END
WHERE NOT EXISTS (
    SELECT FROM conversations_conversation going_on
    WHERE going_on.id = record.conversation_id AND going_on.state <> 'closed'
);
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0006_holds"),
        ("lines", "0006_staged_wraps"),
        ("records", "0002_detached"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClosedMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(help_text="Its first day.")),
                ("closed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["month"],
            },
        ),
        migrations.AddField(
            model_name="contactrecord",
            name="code_edition",
            field=models.CharField(default="2026-1", help_text="Of the code lists.", max_length=10),
        ),
        migrations.AddField(
            model_name="contactrecord",
            name="fate",
            field=models.CharField(
                blank=True,
                choices=[
                    ("answered", "Answered"),
                    ("left_before_queue", "Left before the queue"),
                    ("left_within_10s", "Left within 10 seconds"),
                    ("left_in_queue", "Left while waiting"),
                    ("left_informed", "Left after recorded information"),
                ],
                help_text="Empty as long as the contact goes on: it counts nowhere before it is over.",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="contactrecord",
            name="first_reply_seconds",
            field=models.PositiveIntegerField(
                blank=True, help_text="From the beginning to the first words of staff.", null=True
            ),
        ),
        migrations.AddField(
            model_name="contactrecord",
            name="is_late",
            field=models.BooleanField(
                default=False, help_text="It was over only when its month had been closed: it counts nowhere."
            ),
        ),
        migrations.AddField(
            model_name="contactrecord",
            name="person",
            field=models.UUIDField(
                blank=True,
                help_text=(
                    "Random, and shared by what is known to be the same person's on one line within one month, until "
                    "that is counted: one person is not counted as a crowd."
                ),
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="contactrecord",
            name="is_complete",
            field=models.BooleanField(default=False, help_text="A counsellor has coded it, or there was none."),
        ),
        migrations.AlterField(
            model_name="contactrecord",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("supported", "Supported"),
                    ("signposted", "Signposted"),
                    ("referral_offered", "Warm referral offered"),
                    ("referral_accepted", "Warm referral accepted"),
                    ("referral_reached", "Warm referral, and they came"),
                    ("call_back", "Call back"),
                    ("disclosure", "Confidentiality broken for safety"),
                    ("not_stated", "Not stated"),
                ],
                default="not_stated",
                max_length=20,
            ),
        ),
        migrations.RunSQL(FATES),
        migrations.RemoveField(
            model_name="contactrecord",
            name="is_answered",
        ),
        migrations.AddConstraint(
            model_name="contactrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "fate__in",
                        ["", "answered", "left_before_queue", "left_within_10s", "left_in_queue", "left_informed"],
                    )
                ),
                name="records_fate",
            ),
        ),
        migrations.AddField(
            model_name="closedmonth",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="closed_months", to="lines.line"
            ),
        ),
        migrations.AddConstraint(
            model_name="closedmonth",
            constraint=models.UniqueConstraint(fields=("line", "month"), name="records_closed_once"),
        ),
        migrations.AddConstraint(
            model_name="closedmonth",
            constraint=models.CheckConstraint(condition=models.Q(("month__day", 1)), name="records_closed_first_day"),
        ),
    ]
