"""What is kept of people: how far they have read, how they speak and hear, what they were offered."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import Cohort
from campus.discussion.models.threads import Thread


class Level(models.TextChoices):
    """What of a thread somebody wants to hear."""

    PLAIN = "plain", pgettext_lazy("thread", "Mentions only")
    FOLLOW = "follow", pgettext_lazy("thread", "Follow")
    MUTE = "mute", pgettext_lazy("thread", "Mute")


class Reading(models.Model):
    """How far somebody has read a thread, and whether it is followed."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="readings")
    last_read = models.PositiveIntegerField(default=0, help_text="Number of the last post read")
    level = models.CharField(max_length=6, choices=Level, default=Level.PLAIN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "thread"], name="one_reading_per_thread")]
        indexes = [models.Index(fields=["person"], condition=Q(level="follow"), name="reading_followed")]

    def __str__(self) -> str:
        return f"{self.person_id} read thread {self.thread_id} up to {self.last_read}"


class Voice(models.Model):
    """How somebody speaks in a cohort: under which name, and whether at all. Without a row: by name, and yes."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="voices")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="voices")
    uses_alias = models.BooleanField(_("Show my nickname instead of my name in the discussion"), default=False)
    shows_typing = models.BooleanField(
        _("Show others when I am writing an answer, and show me when they are"), default=True
    )
    suspended_until = models.DateTimeField(null=True, help_text="Reads, but does not write until then")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "cohort"], name="one_voice_per_cohort")]

    def __str__(self) -> str:
        return f"voice of {self.person_id} in cohort {self.cohort_id}"


class Rhythm(models.TextChoices):
    """How often somebody gets a summary of what is unread by mail."""

    DAILY = "daily", pgettext_lazy("summary", "Every morning")
    WEEKLY = "weekly", pgettext_lazy("summary", "Monday mornings")
    NEVER = "never", pgettext_lazy("summary", "Never")


class Summary(models.Model):
    """What somebody chose of it; without a row, every morning. Unsubscribing by the mail's link counts as never."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="summary"
    )
    rhythm = models.CharField(max_length=6, choices=Rhythm, default=Rhythm.DAILY)

    def __str__(self) -> str:
        return f"person {self.person_id} {self.rhythm}"


class Offer(models.Model):
    """A question that waits was offered to somebody who may well know."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="offers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="offers")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "person"], name="offered_once")]
        indexes = [models.Index(fields=["person", "-at"])]

    def __str__(self) -> str:
        return f"offer of thread {self.thread_id} to {self.person_id}"
