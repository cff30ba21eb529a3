"""What the first page remembers of a person."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from campus.cohorts.models import Role


class FirstPage(models.Model):
    """Which roles' first steps were put away, and since when the person has not been here before this stay."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="first_page")
    put_away = ArrayField(models.CharField(max_length=20, choices=Role), default=list, blank=True)
    stay_began_at = models.DateTimeField(default=timezone.now)
    stay_before_at = models.DateTimeField(null=True, help_text="When the stay before this one began")

    def __str__(self) -> str:
        return f"first page of person {self.person_id}"

    @property
    def since(self) -> datetime | None:
        """What came later is new to the person; None at the first stay."""
        return self.stay_before_at
