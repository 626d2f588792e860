"""The SQL functions that the live process and `conversations.actions` call, as they were; 0008 has today's."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "0002"
DROP = """
DROP FUNCTION conversations_add_messages(text[], text[], bytea[], bigint[], text[], text[], bytea[], bytea[]);
DROP FUNCTION conversations_read(text[], integer[], bytea[], bigint[], integer);
DROP FUNCTION conversations_desk(bigint[]);
DROP FUNCTION conversations_receive(text[], integer[], bytea[], bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "".join((SQL / name).read_text() for name in ("add_messages.sql", "read.sql", "receive.sql")), DROP
        ),
    ]
