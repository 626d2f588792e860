"""Whose chat page is open is told to routing too, so that a place whose page is gone can be given up."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("routing", "0003_offers"), ("conversations", "0002_functions")]
    operations = [
        migrations.RunSQL(
            "DROP FUNCTION routing_seen(bigint[]);" + (SQL / "still_here.sql").read_text(),
            "DROP FUNCTION routing_seen(bigint[], text[]);" + (SQL / "seen.sql").read_text(),
        )
    ]
