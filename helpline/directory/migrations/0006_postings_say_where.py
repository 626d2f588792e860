from django.db import migrations, models

from helpline.directory.models.findable import Real

EMPTY = "TRUNCATE directory_posting, directory_shown, directory_findable, directory_word, directory_index"


class Migration(migrations.Migration):
    """The index is made anew when it is needed (`helpline.directory.index.ensure_built`)."""

    dependencies = [
        ("directory", "0005_the_index_of_a_search"),
    ]

    operations = [
        migrations.RunSQL(EMPTY, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="posting",
            name="scope",
            field=models.IntegerField(
                default=0, help_text="Where and for which side it may be found (`index.scope_of`)."
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="posting",
            name="weight",
            field=Real(),
        ),
        migrations.AlterField(
            model_name="shown",
            name="shown",
            field=models.TextField(help_text="JSON, as it is: nothing is looked for in it."),
        ),
    ]
