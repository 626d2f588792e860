from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0008_guests_functions")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="needs_interpreter",
            field=models.BooleanField(default=False, help_text="As their counsellor has noted."),
        ),
    ]
