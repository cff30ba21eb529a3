"""When a learner needs follow-up in this cohort, and what was done about it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import Cohort, Enrolment

_DAYS = [MinValueValidator(2), MaxValueValidator(60)]


class Thresholds(models.Model):
    """From when on the rules of ``reasons.py`` speak in a cohort; without a row these defaults hold."""

    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="thresholds")
    near_hours = models.PositiveSmallIntegerField(
        _("Hours before a deadline"), default=48, validators=[MinValueValidator(2), MaxValueValidator(336)]
    )
    stuck_tries = models.PositiveSmallIntegerField(
        _("Tries without getting further"), default=3, validators=[MinValueValidator(2), MaxValueValidator(50)]
    )
    stuck_days = models.PositiveSmallIntegerField(_("Days without getting further"), default=3, validators=_DAYS)
    never_days = models.PositiveSmallIntegerField(_("Days without a first sign-in"), default=3, validators=_DAYS)
    silent_days = models.PositiveSmallIntegerField(_("Days without a visit"), default=7, validators=_DAYS)

    def __str__(self) -> str:
        return f"thresholds of cohort {self.cohort_id}"


class FollowUpKind(models.TextChoices):
    MESSAGE = "message", pgettext_lazy("follow-up", "Message")
    CALL = "call", pgettext_lazy("follow-up", "Call")
    OTHER = "other", pgettext_lazy("follow-up", "Other")
    WAIT = "wait", pgettext_lazy("follow-up", "Wait and see")


class FollowUp(models.Model):
    """What somebody did for a learner who needed it; never changed.

    Until ``quiet_until`` the learner is off the list, as long as no reason comes up besides those of that time.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="follow_ups")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(pgettext_lazy("follow-up", "What was done"), max_length=10, choices=FollowUpKind)
    note = models.TextField(pgettext_lazy("follow-up", "Note"), max_length=2000, blank=True)
    reasons = models.JSONField(default=list, help_text="Keys of the reasons at that time: late:12")
    done_on = models.DateField(pgettext_lazy("follow-up", "Date"))
    quiet_until = models.DateField(_("Off the list until"), null=True, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["enrolment", "-id"], name="follow_up_latest")]

    def __str__(self) -> str:
        return f"{self.kind} for enrolment {self.enrolment_id} on {self.done_on}"
