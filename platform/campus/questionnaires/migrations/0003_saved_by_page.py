"""Which open page saved last, so that two of them don't overwrite each other unseen."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("questionnaires", "0002_copied_from")]

    operations = [
        migrations.AddField(
            model_name="response",
            name="saved_by_page",
            field=models.CharField(
                blank=True, default="", editable=False, help_text="The open page that saved last.", max_length=32
            ),
        )
    ]
