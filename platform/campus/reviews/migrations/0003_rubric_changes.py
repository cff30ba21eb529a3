import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("cases", "0006_step_rubric_changes"),
        ("reviews", "0002_round_numbers"),
    ]

    operations = [
        migrations.CreateModel(
            name="RubricChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("criteria", models.JSONField(help_text="As ``Step.rubric_changes``")),
                (
                    "reason",
                    models.CharField(
                        help_text="Shown to everybody affected by the change.",
                        max_length=300,
                        verbose_name="Reason",
                    ),
                ),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("switched_at", models.DateTimeField(blank=True, help_text="Null for the draft", null=True)),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rubric_changes",
                        to="reviews.reviewround",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-switched_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("switched_at", None)),
                        fields=("round",),
                        name="one_rubric_draft_per_round",
                    )
                ],
            },
        ),
    ]
