"""What happens by itself when a conversation closes; `sql/0002/closes.sql` says it."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "0002" / "closes.sql"
DROP = "DROP TRIGGER channels_conversation_closes ON conversations_conversation; DROP FUNCTION channels_close();"


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_the_ground")]
    operations = [migrations.RunSQL(SQL.read_text(), DROP)]
