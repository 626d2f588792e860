"""The SQL function that the live process calls; `sql/` holds its text."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("routing", "0001_initial")]
    operations = [migrations.RunSQL((SQL / "seen.sql").read_text(), "DROP FUNCTION routing_seen(bigint[]);")]
