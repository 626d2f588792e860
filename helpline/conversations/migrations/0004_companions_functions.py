"""Companions read and some write; a sender key says whose it is; no companion without the notice that told of them.

`sql/0004/` holds the functions as they were from here on, `sql/0002/` as they were before; 0008 has today's.
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
ALTER TABLE conversations_companion ADD CONSTRAINT conversations_companion_told
FOREIGN KEY (conversation_id, told_seq) REFERENCES conversations_message (conversation_id, seq)
DEFERRABLE INITIALLY DEFERRED;
"""
UNTOLD = "ALTER TABLE conversations_companion DROP CONSTRAINT conversations_companion_told;"


def _text(folder: Path) -> str:
    return "".join((folder / name).read_text() for name in NAMES)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0003_companions_and_handovers")]
    operations = [
        migrations.RunSQL(DROP + _text(SQL / "0004"), DROP + _text(SQL / "0002")),
        migrations.RunSQL(TOLD, UNTOLD),
    ]
