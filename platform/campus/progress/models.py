"""When a learner needs follow-up in this cohort and what was done about it; what completes it, and who has."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cases.models import Step, StepKind
from campus.cohorts.models import Cohort, Enrolment

_DAYS = [MinValueValidator(2), MaxValueValidator(60)]


class Thresholds(models.Model):
    """From when on the rules of ``reasons.py`` speak in a cohort; without a row these defaults hold."""

    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="thresholds")
    near_hours = models.PositiveSmallIntegerField(
        _("Hours before a deadline"), default=48, validators=[MinValueValidator(2), MaxValueValidator(336)]
    )
    stuck_tries = models.PositiveSmallIntegerField(
        _("Attempts without progress"), default=3, validators=[MinValueValidator(2), MaxValueValidator(50)]
    )
    stuck_days = models.PositiveSmallIntegerField(_("Days without progress"), default=3, validators=_DAYS)
    review_days = models.PositiveSmallIntegerField(
        _("Days without beginning a review"), default=2, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    question_days = models.PositiveSmallIntegerField(
        _("Days without an answer to a question"), default=2, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
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


class Demand(models.TextChoices):
    """What completion asks of a step."""

    ON_TIME = "on_time", pgettext_lazy("completion", "Handed in by the deadline")
    LATE_TOO = "late_too", pgettext_lazy("completion", "Handed in, even if late")
    NOT_NEEDED = "not_needed", pgettext_lazy("completion", "Not needed")


# What a step asks where the rule does not name it: work is due by the deadline, reviews and surveys have to be there.
DEMAND_OF_KIND = {StepKind.REVIEW: Demand.LATE_TOO, StepKind.SURVEY: Demand.LATE_TOO}


def key_of(step: Step) -> str:
    """How a rule names a step (read ``with_case``): the same in every cohort that works on the case."""
    return f"{step.cohort_case.slug}/{step.key}"


class CompletionRule(models.Model):
    """What completes a cohort. Saved rules never change: the one with the highest number holds, the others are history.

    Without any, every step has to be handed in as ``DEMAND_OF_KIND`` says. Score and rank are no part of it.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="completion_rules")
    number = models.PositiveIntegerField(default=0)
    demands = models.JSONField(default=dict, help_text='Demands that were chosen: {"case/step": "on_time"}')
    helpful_posts = models.PositiveSmallIntegerField(
        _("Helpful posts in the discussion"),
        default=0,
        validators=[MaxValueValidator(50)],
        help_text=_("Posts that somebody gave thanks for or that answered a question. 0 means none are needed."),
    )
    reviews_needed = models.PositiveSmallIntegerField(
        _("Peer reviews given"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("Can be fewer than the step asks for. Leave it empty for as many as the step asks for."),
    )
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["cohort", "number"], name="completion_rule_number_unique")]

    def __str__(self) -> str:
        return f"completion rule {self.number} of cohort {self.cohort_id}"

    def demand(self, step: Step) -> Demand:
        """What the rule asks of the step (read ``with_case``)."""
        return Demand(self.demands.get(key_of(step)) or DEMAND_OF_KIND.get(StepKind(step.kind), Demand.ON_TIME))


class Completion(models.Model):
    """A learner has completed the cohort: recorded once, and kept when the rule changes later.

    rule: number of the rule that was met; None where the organiser set the learner's state by hand.
    kept_at: somebody looked at a completion that today's rule and hand-ins don't bear out, and left it.
    revoked_at: the organiser set the state back by hand; only her hand gives it again.
    """

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="completion")
    completed_at = models.DateTimeField()
    rule = models.PositiveIntegerField(null=True)
    kept_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"enrolment {self.enrolment_id} completed at {self.completed_at:%F %T}"
