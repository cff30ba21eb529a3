from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_drafts")]

    operations = [
        migrations.AddField(
            model_name="step",
            name="rubric_changes",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Weights and words that the organiser changed, by criterion; the rest is the case's",
            ),
        ),
    ]
