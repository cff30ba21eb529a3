import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("progress", "0003_reviews_needed")]

    operations = [
        migrations.AddField(
            model_name="thresholds",
            name="question_days",
            field=models.PositiveSmallIntegerField(
                default=2,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(30),
                ],
                verbose_name="Days without an answer to a question",
            ),
        ),
    ]
