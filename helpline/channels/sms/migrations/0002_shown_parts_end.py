"""What happens by itself when an address ends; `sql/shown.sql` says it."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "shown.sql"
DROP = "DROP TRIGGER sms_address_ends ON channels_address; DROP FUNCTION sms_forget_shown();"


class Migration(migrations.Migration):
    dependencies = [("sms", "0001_parts_that_wait")]
    operations = [migrations.RunSQL(SQL.read_text(), DROP)]
