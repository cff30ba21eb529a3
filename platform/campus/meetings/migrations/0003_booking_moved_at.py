from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0002_consultations")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="moved_at",
            field=models.DateTimeField(null=True, help_text="When its time was last changed: not what was booked."),
        ),
    ]
