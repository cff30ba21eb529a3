"""A rescoring of a cohort's case by another version, and the shadow board it leads to.

The scores themselves stand in ``submissions.Score``, known by version: those of both versions lie side by side, and
what is still to be measured is what has no score yet. So a rescoring can be broken off anywhere and taken up again.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cases.models import CaseVersion, CohortCase, Step
from campus.cohorts.models import Enrolment
from campus.submissions.models import Submission
from campus.teams.models import Team


class RescoringState(models.TextChoices):
    MEASURING = "measuring", pgettext_lazy("rescoring", "Being scored")
    READY = "ready", pgettext_lazy("rescoring", "Ready to decide")
    BROKEN = "broken", pgettext_lazy("rescoring", "Could not be scored")
    SWITCHED = "switched", pgettext_lazy("rescoring", "Switched")
    DROPPED = "dropped", pgettext_lazy("rescoring", "Discarded")

    @property
    def is_over(self) -> bool:
        return self in {RescoringState.SWITCHED, RescoringState.DROPPED}


OPEN = [state for state in RescoringState if not state.is_over]


def final_is_out(step: Step) -> bool:
    """Whether nobody can hand in any more: before that nobody sees a final score, organisers neither."""
    return step.is_closed() and not step.extensions.filter(closes_at__gt=timezone.now()).exists()


class Rescoring(models.Model):
    """Every kept prediction of a case measured by another version, to be switched to or dropped."""

    case = models.ForeignKey(CohortCase, on_delete=models.CASCADE, related_name="rescorings")
    from_version = models.ForeignKey(CaseVersion, on_delete=models.PROTECT, related_name="+")
    to_version = models.ForeignKey(CaseVersion, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(
        _("Reason"), max_length=300, help_text=_("Shown to everybody whose score or place changes.")
    )
    state = models.CharField(max_length=12, choices=RescoringState, default=RescoringState.MEASURING)
    total = models.PositiveIntegerField(default=0, help_text="Predictions to measure when it began")
    done = models.PositiveIntegerField(default=0, help_text="Predictions measured since")
    problem = models.CharField(max_length=500, blank=True, help_text="Why it could not be measured")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state__in=OPEN), name="one_open_rescoring_per_case")
        ]
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.from_version_id} → {self.to_version_id}"

    @property
    def is_open(self) -> bool:
        return not RescoringState(self.state).is_over

    @property
    def is_measuring(self) -> bool:
        return self.state == RescoringState.MEASURING

    @property
    def is_ready(self) -> bool:
        return self.state == RescoringState.READY

    @property
    def stream(self) -> str:
        """The live stream on which its progress is told."""
        return f"rescoring:{self.pk}"


class ShadowStandingQuerySet(models.QuerySet["ShadowStanding"]):
    def changed(self) -> "ShadowStandingQuerySet":
        """Those whose score, place or counted submission differs on the board, the provisional or the final one."""
        return self.filter(is_changed=True)

    def on(self, step: Step) -> "ShadowStandingQuerySet":
        return self.filter(step=step).select_related("enrolment__person", "team")


class ShadowStanding(models.Model):
    """An owner's line of a board before the rescoring and after it."""

    rescoring = models.ForeignKey(Rescoring, on_delete=models.CASCADE, related_name="standings")
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="+")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, null=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="+")
    public_place_before = models.PositiveIntegerField()
    public_place = models.PositiveIntegerField()
    public_values_before = models.JSONField()
    public_values = models.JSONField()
    private_place_before = models.PositiveIntegerField()
    private_place = models.PositiveIntegerField()
    private_values_before = models.JSONField()
    private_values = models.JSONField()
    # The submission that the final place goes by: a final pick, or the better of the two best provisional ones.
    private_submission_before = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="+")
    private_submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="+")
    is_changed = models.GeneratedField(
        expression=models.Case(
            models.When(
                public_place=F("public_place_before"),
                public_values=F("public_values_before"),
                private_place=F("private_place_before"),
                private_values=F("private_values_before"),
                then=models.Value(False),
            ),
            default=models.Value(True),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    told_at = models.DateTimeField(null=True, blank=True, help_text="When the owner was told of the switch")

    objects = ShadowStandingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["rescoring", "step", "is_changed"])]

    def __str__(self) -> str:
        return f"{self.shown_name}: {self.public_place_before} → {self.public_place}"

    @property
    def shown_name(self) -> str:
        return self.team.name if self.team else self.enrolment.person.name if self.enrolment else ""

    @property
    def final_choice_changed(self) -> bool:
        return self.private_submission_id != self.private_submission_before_id
