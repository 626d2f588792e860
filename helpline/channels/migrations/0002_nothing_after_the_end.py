"""What happens by itself when a conversation closes; `sql/closes.sql` says it."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "closes.sql"
DROP = "DROP TRIGGER channels_conversation_closes ON conversations_conversation; DROP FUNCTION channels_close();"


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_the_ground")]
    operations = [migrations.RunSQL(SQL.read_text(), DROP)]
