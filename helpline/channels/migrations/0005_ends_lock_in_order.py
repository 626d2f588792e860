"""An end locks what is on its way in the order of all who lock several; `sql/closes.sql` says it."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"
BEFORE = (SQL / "0002" / "closes.sql").read_text().partition("CREATE TRIGGER")[0].replace("CREATE", "CREATE OR REPLACE")


class Migration(migrations.Migration):
    dependencies = [("channels", "0004_template_code")]
    operations = [migrations.RunSQL((SQL / "closes.sql").read_text(), BEFORE)]
