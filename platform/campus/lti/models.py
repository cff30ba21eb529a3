"""What is kept of launches: whom an LMS means, what it may bring into a cohort, and launches on their way."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from campus.cohorts.models import Cohort

# From the click in the LMS to its signed answer; after that, to sign in or up where the accounts are still apart.
ANSWER_WITHIN = timedelta(minutes=10)
COME_IN_WITHIN = timedelta(hours=1)


class LmsAccount(models.Model):
    """A person as an LMS knows her: ``subject`` is its number for her, told apart by the registered platform."""

    platform = models.CharField(max_length=40, help_text="Key in LTI_PLATFORMS")
    subject = models.CharField(max_length=255)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="lms_accounts")
    linked_at = models.DateTimeField(default=timezone.now)
    last_launch_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "subject"], name="lms_account_unique")]

    def __str__(self) -> str:
        return f"LMS account {self.pk}"


class AdmissionByLaunch(models.Model):
    """Whom an LMS may bring into a cohort, by its organisers' word; without a row nobody."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="+")
    platform = models.CharField(max_length=40, help_text="Key in LTI_PLATFORMS")
    learners = models.BooleanField(default=False)
    facilitators = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "platform"], name="admission_by_launch_unique")]

    def __str__(self) -> str:
        return f"admission by {self.platform} to cohort {self.cohort_id}"


def _answer_until() -> Any:
    return timezone.now() + ANSWER_WITHIN


class Launch(models.Model):
    """A launch on its way, kept on the server: begun here, answered by the LMS once, entered by its browser once.

    digest: SHA-256 of the state that goes out and has to come back. claims: what was verified and is needed.
    """

    platform = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    nonce = models.CharField(max_length=64)
    claims = models.JSONField(default=dict)
    began_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=_answer_until)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"])]

    def __str__(self) -> str:
        return f"launch {self.pk}"
