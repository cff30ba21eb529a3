# Requests of accounts that were deleted are closed: nobody can decide them any more.

from django.db import migrations, models
from django.utils import timezone


def close_those_of_deleted_accounts(apps, _schema_editor):
    waiting = apps.get_model("reviews", "Appeal").objects.filter(decided_at=None, by__person__erased_at__isnull=False)
    waiting.update(outcome="closed", decided_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0003_rubric_changes"),
        ("people", "0005_leaving"),
    ]

    operations = [
        migrations.AlterField(
            model_name="appeal",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("kept", "The reviews stand"),
                    ("set_aside", "Reviews were set aside"),
                    ("closed", "Closed: the requester’s account was deleted"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(close_those_of_deleted_accounts, migrations.RunPython.noop),
    ]
