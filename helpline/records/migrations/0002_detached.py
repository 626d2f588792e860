"""Records and answers get random ids, and know whether they were written anew among others."""

import uuid

from django.db import migrations, models

TABLES = ("records_contactrecord", "records_surveyanswer")
RANDOM_ID = """
ALTER TABLE {table} DROP COLUMN id;
ALTER TABLE {table} ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY;
ALTER TABLE {table} ALTER COLUMN id DROP DEFAULT;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL("".join(RANDOM_ID.format(table=table) for table in TABLES))],
            [
                migrations.AlterField(
                    model_name=model,
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                )
                for model in ("contactrecord", "surveyanswer")
            ],
        ),
        migrations.AddField(
            model_name="contactrecord",
            name="is_settled",
            field=models.BooleanField(
                default=False,
                help_text="Written anew among others since the conversation ended: actions.settle_records.",
            ),
        ),
        migrations.AddField(
            model_name="surveyanswer",
            name="is_settled",
            field=models.BooleanField(default=False, help_text="As a ContactRecord's."),
        ),
    ]
