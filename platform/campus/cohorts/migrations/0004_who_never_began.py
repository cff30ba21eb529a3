from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cohorts", "0003_cohort_fields_in_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="never_began",
            field=models.BooleanField(
                default=False, help_text="Paused or withdrawn before taking part; says nothing in other states."
            ),
        ),
    ]
