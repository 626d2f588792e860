"""Places that last as long as the conversation, offers, and shifts. Who waits keeps their place; who talks gets one."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"
# Before this migration only those who wait had a place.
EMPTY = "DELETE FROM routing_queueentry WHERE state IN ('held', 'over');"


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0002_functions"),
        ("lines", "0001_initial"),
        ("routing", "0002_functions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("lapsed", "Lapsed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decline_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("break", "I need a break"),
                            ("known_person", "I may know this person"),
                            ("not_my_skill", "Somebody else knows more about this"),
                            ("too_full", "I have enough just now"),
                            ("other", "Another reason"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "why",
                    models.JSONField(
                        default=dict, help_text="The decision: its rule, what was dropped, and the words for it."
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "urgency",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "In danger now"), (2, "Urgent"), (3, "Normal"), (4, "Can wait")]
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("webchat", "Web chat"),
                            ("sms", "Text message"),
                            ("email", "E-mail"),
                            ("voice", "Phone"),
                        ],
                        max_length=10,
                    ),
                ),
                ("seconds", models.PositiveIntegerField()),
            ],
        ),
        migrations.AlterModelOptions(
            name="queueentry",
            options={
                "ordering": [
                    models.Case(models.When(then=models.Value(0), urgency=1), default=models.Value(1)),
                    "due_at",
                    "id",
                ]
            },
        ),
        migrations.RemoveConstraint(
            model_name="presence",
            name="routing_capacity",
        ),
        migrations.AddField(
            model_name="presence",
            name="abusive",
            field=models.PositiveSmallIntegerField(default=0, help_text="Abusive contacts of this shift."),
        ),
        migrations.AddField(
            model_name="presence",
            name="free_since",
            field=models.DateTimeField(blank=True, help_text="Who has been free longest is asked first.", null=True),
        ),
        migrations.AddField(
            model_name="presence",
            name="heavy",
            field=models.PositiveSmallIntegerField(default=0, help_text="Heavy contacts of this shift."),
        ),
        migrations.AddField(
            model_name="presence",
            name="is_break_offered",
            field=models.BooleanField(default=False, help_text="The next offer waits for their answer."),
        ),
        migrations.AddField(
            model_name="presence",
            name="max_capacity",
            field=models.PositiveSmallIntegerField(default=4, help_text="The supervisor's."),
        ),
        migrations.AddField(
            model_name="presence",
            name="missed",
            field=models.PositiveSmallIntegerField(default=0, help_text="Offers let lapse in a row."),
        ),
        migrations.AddField(
            model_name="presence",
            name="shift_began_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="queueentry",
            name="due_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, help_text="By when the line promises this class an answer."
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="queueentry",
            name="gender",
            field=models.CharField(blank=True, help_text="Of the counsellor, if asked for.", max_length=10),
        ),
        migrations.AddField(
            model_name="queueentry",
            name="is_crowding",
            field=models.BooleanField(default=False, help_text="From a network that starts very many chats."),
        ),
        migrations.AddField(
            model_name="queueentry",
            name="language",
            field=models.CharField(default="en", max_length=12),
        ),
        migrations.AddField(
            model_name="queueentry",
            name="left_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="queueentry",
            name="left_because",
            field=models.CharField(
                blank=True,
                choices=[("asked", "Asked to leave for a moment"), ("gone", "Their page is gone")],
                max_length=5,
            ),
        ),
        migrations.AddField(
            model_name="queueentry",
            name="line",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="queue", to="lines.line"
            ),
        ),
        migrations.AddField(
            model_name="queueentry",
            name="needs_supervisor",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="queueentry",
            name="preferred",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="queueentry",
            name="seen_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, help_text="When the person's page was last there."
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="queueentry",
            name="skills",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=30),
                blank=True,
                default=list,
                help_text="Beyond the line's.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="queueentry",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("offered", "Being offered"),
                    ("held", "With a counsellor"),
                    ("left", "Left; the place is kept for a while"),
                    ("over", "Ended"),
                ],
                default="waiting",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="queueentry",
            name="urgency",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "In danger now"), (2, "Urgent"), (3, "Normal"), (4, "Can wait")], default=3
            ),
        ),
        migrations.AddField(
            model_name="queueentry",
            name="waiting_since",
            field=models.DateTimeField(
                default=django.utils.timezone.now,
                help_text="The beginning of this wait; a return to the queue is a new one.",
            ),
            preserve_default=False,
        ),
        migrations.RunSQL((SQL / "places.sql").read_text(), EMPTY),
        migrations.AlterField(
            model_name="queueentry",
            name="line",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="queue", to="lines.line"),
        ),
        migrations.RemoveField(
            model_name="queueentry",
            name="is_in_danger",
        ),
        migrations.AlterField(
            model_name="presence",
            name="capacity",
            field=models.PositiveSmallIntegerField(default=3, help_text="Their own choice."),
        ),
        migrations.AlterField(
            model_name="presence",
            name="state",
            field=models.CharField(
                choices=[
                    ("available", "Available"),
                    ("busy", "Busy"),
                    ("wrap_up", "Wrapping up"),
                    ("away", "Away"),
                    ("break", "On a break"),
                    ("debrief", "Debriefing"),
                ],
                default="away",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="queueentry",
            name="entered_at",
            field=models.DateTimeField(help_text="First arrival; never changes."),
        ),
        migrations.AddIndex(
            model_name="queueentry",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["line", "due_at", "id"], name="routing_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="queueentry",
            index=models.Index(
                condition=models.Q(("state__in", ["held", "over"]), _negated=True),
                fields=["state", "seen_at"],
                name="routing_unheld",
            ),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity__gte", 1), ("capacity__lte", models.F("max_capacity"))),
                name="routing_capacity",
            ),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.CheckConstraint(
                condition=models.Q(("max_capacity__range", (1, 4))), name="routing_max_capacity"
            ),
        ),
        migrations.AddConstraint(
            model_name="queueentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("urgency__in", [1, 2, 3, 4])), name="routing_urgency"
            ),
        ),
        migrations.AddConstraint(
            model_name="queueentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("left_at__isnull", False), ("state", "left")),
                    models.Q(("state", "left"), _negated=True),
                    _connector="OR",
                ),
                name="routing_left",
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="routing.queueentry"
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="offers", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="promise",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="promises", to="lines.line"
            ),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["expires_at"], name="routing_open_offers"
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("entry",), name="routing_one_offer_each"
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("user",), name="routing_one_offer_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("answered_at__isnull", False)),
                    _connector="OR",
                ),
                name="routing_offer_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.UniqueConstraint(fields=("line", "urgency", "channel"), name="routing_one_promise"),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(("urgency__in", [1, 2, 3, 4])), name="routing_promise_urgency"
            ),
        ),
    ]
