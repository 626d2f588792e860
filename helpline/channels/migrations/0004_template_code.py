from django.db import migrations, models

import helpline.vault.codes


class Migration(migrations.Migration):
    dependencies = [("channels", "0003_ends_wait_for_last_words")]

    operations = [
        migrations.AddField(
            model_name="template",
            name="code",
            field=models.CharField(default=helpline.vault.codes.new_code, max_length=22, unique=True),
        ),
    ]
