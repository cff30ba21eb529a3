from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_step_questionnaire")]

    operations = [
        migrations.AlterField(
            model_name="caseversion",
            name="seed_kind",
            field=models.CharField(
                choices=[
                    ("demo", "Public seed of the repository, for demonstrations only"),
                    ("secret", "Secret seed of this installation"),
                    ("data", "The organiser’s own data"),
                ],
                max_length=10,
            ),
        ),
    ]
