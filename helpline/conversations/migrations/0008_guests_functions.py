"""A guest writes as author `service`, under the service's name; no guest without the notice that told of them.

`sql/` holds the functions as they are now, `sql/0004/` as they were.
"""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"
NAMES = ("add_messages.sql", "read.sql", "receive.sql")
DROP = """
DROP FUNCTION conversations_add_messages(text[], text[], bytea[], bigint[], text[], text[], bytea[], bytea[]);
DROP FUNCTION conversations_read(text[], integer[], bytea[], bigint[], integer);
DROP FUNCTION conversations_desk(bigint[]);
DROP FUNCTION conversations_receive(text[], integer[], bytea[], bigint[]);
"""
# Checked at the commit, since an erasure takes both in an order of its own.
TOLD = """
ALTER TABLE conversations_guest ADD CONSTRAINT conversations_guest_told
FOREIGN KEY (conversation_id, told_seq) REFERENCES conversations_message (conversation_id, seq)
DEFERRABLE INITIALLY DEFERRED;
"""
UNTOLD = "ALTER TABLE conversations_guest DROP CONSTRAINT conversations_guest_told;"


def _text(folder: Path) -> str:
    return "".join((folder / name).read_text() for name in NAMES)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0007_guests")]
    operations = [
        migrations.RunSQL(DROP + _text(SQL), DROP + _text(SQL / "0004")),
        migrations.RunSQL(TOLD, UNTOLD),
    ]
