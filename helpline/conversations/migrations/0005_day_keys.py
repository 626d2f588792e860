"""Grants, whispers and disclosures are wrapped once more under a day key; those that are there already, too."""

import secrets
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

from helpline.vault import keystore, sealing

SQL = Path(__file__).resolve().parent.parent / "sql"
DROP = """
DROP TRIGGER conversations_grant_ends ON conversations_grant;
DROP TRIGGER conversations_grant_changes ON conversations_grant;
DROP TRIGGER conversations_whisper_ends ON conversations_whisper;
DROP TRIGGER conversations_disclosure_ends ON conversations_disclosure;
DROP FUNCTION conversations_spend();
"""
# As daykeys.py has it on this day.
LETTERS = {"Whisper": ("sealed_to", "sealed_own"), "Disclosure": ("sealed_to_supervisors", "sealed_own")}


def wrap_what_is_there(apps, schema_editor):
    """Under one key of today: what was never wrapped is in older backups as it is, whatever its day."""
    rows = []
    for row in apps.get_model("conversations", "Grant").objects.select_related("conversation", "user"):
        reader = f"staff:{row.user.code}" if row.user else row.reader
        rows.append((row, {"sealed": f"grant/{row.conversation.code}/{reader}"}))
    for name, columns in LETTERS.items():
        for row in apps.get_model("conversations", name).objects.select_related("conversation"):
            own_code = row.client_id if name == "Whisper" else row.code
            places = {column: f"{name.lower()}/{row.conversation.code}/{own_code}/{column}" for column in columns}
            rows.append((row, places))
    if rows:
        _wrap(rows, apps.get_model("vault", "DayKey"))


def _wrap(rows, day_key):
    today = timezone.localdate()
    name, key = f"day-{today:%Y-%m-%d}-{secrets.token_hex(4)}", sealing.new_key()
    keystore.store().write_new(name, key)
    day_key.objects.create(name=name, day=today, made_on=today, is_writing=True)
    for row, places in rows:
        row.day_key_id = name
        for column, place in places.items():
            setattr(row, column, sealing.wrap(key, bytes(getattr(row, column)), f"helpline/1/day/{place}"))
        row.save(update_fields=["day_key", *places])


def day_key(**options):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vault.daykey", **options
    )


class Migration(migrations.Migration):
    dependencies = [("conversations", "0004_companions_functions"), ("vault", "0001_day_keys")]
    operations = [
        *(
            migrations.AddField(model_name=model, name="day_key", field=day_key(null=True))
            for model in ("grant", "whisper", "disclosure")
        ),
        *(
            migrations.AlterField(model_name=model, name=name, field=models.BinaryField(max_length=length))
            for model, name, length in (
                ("grant", "sealed", 1196),
                ("whisper", "sealed_to", 9612),
                ("whisper", "sealed_own", 9612),
                ("disclosure", "sealed_to_supervisors", 9612),
                ("disclosure", "sealed_own", 9612),
            )
        ),
        migrations.RunPython(wrap_what_is_there, migrations.RunPython.noop),
        # Else the checks that wait for the end of the transaction stand in the way of changing the tables.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        *(
            migrations.AlterField(model_name=model, name="day_key", field=day_key())
            for model in ("grant", "whisper", "disclosure")
        ),
        migrations.RemoveField(model_name="grant", name="made_on"),
        migrations.RunSQL((SQL / "spend.sql").read_text(), DROP),
    ]
