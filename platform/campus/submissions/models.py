"""What was handed in, its grading, the scores, and each owner's standing on the board.

A submission's *owner* is the team where the step is by team, else the enrolment. Quota, final
picks and standings count owners.
"""

from datetime import datetime
from typing import Protocol

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campus.cases.deadlines import closing_at, deadline_for, team_deadline
from campus.cases.models import Step
from campus.cohorts.models import Enrolment, EnrolmentState
from campus.teams.models import Membership, Team, TeamKind
from grader.contract import Kind, State
from grader.kinds import KINDS

FINAL_PICKS = 2


class Owner:
    """Who a submission belongs to: a team, or an enrolment that works alone."""

    def __init__(self, *, enrolment: Enrolment, team: Team | None = None) -> None:
        self.enrolment = enrolment
        self.team = team

    @property
    def filter(self) -> Q:
        """Condition that selects this owner's rows of models with ``enrolment`` and ``team``."""
        return Q(team=self.team) if self.team else Q(team=None, enrolment=self.enrolment)

    @property
    def key(self) -> str:
        return f"team:{self.team.pk}" if self.team else f"enrolment:{self.enrolment.pk}"

    @property
    def stream(self) -> str:
        """The live stream on which the owner's own scores arrive."""
        return self.key

    def lock(self) -> None:
        """Let one change to this owner's submissions, picks and standings happen at a time."""
        if self.team:
            Team.objects.select_for_update(no_key=True).get(pk=self.team.pk)
        else:
            Enrolment.objects.select_for_update(no_key=True).get(pk=self.enrolment.pk)

    def deadline(self, step: Step) -> datetime:
        """When the step closes for this owner."""
        return team_deadline(step, self.team) if self.team else deadline_for(step, self.enrolment)

    def sees(self, step: Step) -> Step:
        """The step, for reading, as it closes for this owner."""
        return closing_at(step, self.deadline(step))


def owner_in(*, step: Step, enrolment: Enrolment) -> Owner | None:
    """Who hands in the step for this enrolment; None when the step is by team and there is none."""
    if not step.is_team_step:
        return Owner(enrolment=enrolment)
    memberships = Membership.objects.current().filter(enrolment=enrolment, kind=TeamKind.PROJECT)
    membership = memberships.select_related("team").first()
    return Owner(enrolment=enrolment, team=membership.team) if membership else None


class HandedIn(Protocol):
    """A row that somebody handed in for an owner: a submission, or what another app takes."""

    @property
    def step(self) -> Step: ...
    @property
    def enrolment(self) -> Enrolment: ...
    @property
    def team_id(self) -> int | None: ...


class Source(models.TextChoices):
    PAGE = "page", _("Web page")
    API = "api", _("API")


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def of_owner(self, owner: Owner) -> "SubmissionQuerySet":
        return self.filter(owner.filter)

    def with_result(self) -> "SubmissionQuerySet":
        """Submissions with what their row in a list shows, in a bounded number of queries."""
        return self.select_related("grading", "enrolment__person", "final_pick", "step").prefetch_related(
            "grading__prediction__scores"
        )

    def counted(self) -> "SubmissionQuerySet":
        """Submissions that count against the daily limit: format errors and our own faults are free."""
        return self.exclude(grading__state__in=[State.REJECTED, State.FAILED, State.CANCELLED])


class Submission(models.Model):
    """What an enrolment (for its team, where there is one) handed in for a step. Never changed."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="submissions")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="submissions")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="submissions")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in Kind], default=Kind.PREDICTIONS)
    file = models.FileField(upload_to="unused", max_length=200, help_text="Content-addressed: see submissions.files")
    file_name = models.CharField(max_length=200)
    file_size = models.PositiveBigIntegerField(help_text="Bytes")
    file_digest = models.CharField(max_length=64, help_text="SHA-256")
    note = models.CharField(_("Note"), max_length=200, blank=True)
    source = models.CharField(max_length=10, choices=Source, default=Source.PAGE)
    notices = models.JSONField(default=list, blank=True, help_text="What the reader normalised, as grader problems")
    request_key = models.UUIDField(null=True, blank=True, help_text="Idempotency key: the same one is handed in once")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    # True only on what was made just now, and not found again by its request key.
    is_new = False

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "request_key"],
                condition=Q(request_key__isnull=False),
                name="one_submission_per_request",
            )
        ]
        indexes = [
            models.Index(fields=["step", "enrolment", "-created_at"]),
            models.Index(
                fields=["step", "team", "-created_at"], condition=Q(team__isnull=False), name="submission_by_team"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.created_at:%F %T})"

    @property
    def owner(self) -> Owner:
        return Owner(enrolment=self.enrolment, team=self.team)

    @property
    def is_executed(self) -> bool:
        """Whether it is a model or a program, which the runner has to run first."""
        return KINDS[Kind(self.kind)].is_executed

    def shows_final_score(self, step: Step) -> bool:
        """Whether its final score is out: after the close (``step`` as the owner sees it), and never for late work.

        Another cohort may still work on the same truth, and late work could be sent in again and again to probe it.
        """
        return step.is_closed() and self.created_at < step.closes_at


class Prediction(models.Model):
    """Numbers that a submission came to, kept so that a new metric needs no new run.

    The same file on the same features in the same environment gives the same numbers, so equal
    submissions share one prediction.
    """

    source_digest = models.CharField(max_length=64)
    features_digest = models.CharField(max_length=64)
    environment_digest = models.CharField(max_length=64, blank=True, help_text="Empty where nothing was executed")
    array = models.FileField(upload_to="unused", max_length=200, help_text="npy, float64, rows in the canonical order")
    array_digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    is_deterministic = models.BooleanField(default=True, help_text="False when a second run gave other numbers")
    hints = models.JSONField(null=True, blank=True, help_text="Advice, as grader problems; null until looked for")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_digest", "features_digest", "environment_digest"], name="prediction_unique"
            )
        ]

    def __str__(self) -> str:
        return self.array_digest[:12]


class Score(models.Model):
    """What the grader measured on one split, with everything needed to measure it again."""

    class Split(models.TextChoices):
        PUBLIC = "public", _("Provisional score")
        PRIVATE = "private", _("Final score")

    prediction = models.ForeignKey(Prediction, on_delete=models.CASCADE, related_name="scores")
    metric_version = models.CharField(max_length=64)
    truth_version = models.CharField(max_length=64)
    split = models.CharField(max_length=10, choices=Split)
    values = models.JSONField(help_text='{"wape": 0.471, "cost_yen": 670000, …}')
    # What places go by, as the case says: rounded, negated where more is better, so least is best.
    sort_primary = models.FloatField()
    sort_secondary = models.FloatField(default=0)
    versions = models.JSONField(help_text="Pack, features, truth, metric, environment, grader")
    seconds = models.FloatField()
    scored_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prediction", "metric_version", "truth_version", "split"], name="score_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.split} {self.values}"


class Noise(models.Model):
    """How much luck of the rows a score that stands on a board may hold; without numbers where that can't be said."""

    score = models.OneToOneField(Score, on_delete=models.CASCADE, related_name="noise")
    low = models.FloatField(null=True, blank=True, help_text="With other rows the score is above it, 39 times in 40")
    high = models.FloatField(null=True, blank=True, help_text="And below this")
    draws = models.BinaryField(default=b"", blank=True, help_text="The metric on each draw of the rows, float32")

    def __str__(self) -> str:
        return f"{self.score_id}: {self.low} to {self.high}"


class Stumble(models.Model):
    """How often in a row somebody's file was refused at a step; gone as soon as one is accepted."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="stumbles")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="stumbles")
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "enrolment"], name="stumble_per_enrolment")]

    def __str__(self) -> str:
        return f"{self.count} times at step {self.step_id}"


class GradingQuerySet(models.QuerySet["Grading"]):
    def unfinished(self) -> "GradingQuerySet":
        return self.filter(state__in=[state for state in State if not state.is_final])

    def lease_ran_out(self) -> "GradingQuerySet":
        return self.filter(state=State.RUNNING, lease_until__lt=timezone.now())


class Grading(models.Model):
    """The one truth about a submission's grading: what is owed, who has it, how it ended.

    Jobs of the queue only wake a worker. Whoever takes the row raises ``attempt``; a result is
    written only by the holder of the current attempt.
    """

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="grading")
    state = models.CharField(max_length=20, choices=[(state, state) for state in State], default=State.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    prediction = models.ForeignKey(Prediction, on_delete=models.PROTECT, null=True, blank=True, related_name="gradings")
    problems = models.JSONField(default=list, blank=True, help_text="Grader problems: code and parameters")
    log = models.TextField(blank=True, help_text="What a program printed when it ran on the public sample")

    objects = GradingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["queued_at"], condition=Q(state="queued"), name="grading_queued"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="grading_running"),
            models.Index(fields=["-finished_at"], condition=Q(finished_at__isnull=False), name="grading_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.state} (attempt {self.attempt})"

    @property
    def is_final(self) -> bool:
        return State(self.state).is_final

    @property
    def needs_a_run(self) -> bool:
        """Whether the runner has to run it before it can be scored."""
        return self.submission.is_executed and self.prediction_id is None


class FinalPick(models.Model):
    """One of the submissions that an owner wants judged by the private score."""

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="final_pick")
    picked_by = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="+")
    picked_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"final: {self.submission_id}"


class StandingQuerySet(models.QuerySet["Standing"]):
    """Standings are put in order by ``submissions.board``."""

    def on_board(self, step: Step, split: str) -> "StandingQuerySet":
        """The step's standings, without people who have left the cohort.

        On the final board without those whose extension still runs: they may yet hand in.
        """
        gone = Q(enrolment__state=EnrolmentState.WITHDRAWN) | Q(enrolment__person__is_active=False)
        standings = self.filter(step=step).exclude(gone)
        if split != Score.Split.PRIVATE:
            return standings
        running = step.extensions.filter(closes_at__gt=timezone.now())
        return standings.exclude(enrolment__in=running.exclude(enrolment=None).values("enrolment")).exclude(
            team__in=running.exclude(team=None).values("team")
        )


class Standing(models.Model):
    """An owner's place on a step's board, rewritten with every score, so that a page needs no search.

    ``*_primary`` and ``*_secondary`` are rounded as the case says and negated where more is better:
    ascending is always best first. The private half is kept up to date but shown only after the close.
    """

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="standings")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, null=True, blank=True, related_name="standings")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="standings")
    scored_count = models.PositiveIntegerField(default=0, help_text="Scored submissions so far")
    public_submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="+")
    public_values = models.JSONField()
    public_primary = models.FloatField()
    public_secondary = models.FloatField(default=0)
    public_at = models.DateTimeField(help_text="When the best submission was handed in; earlier wins a tie")
    private_submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="+")
    private_values = models.JSONField()
    private_primary = models.FloatField()
    private_secondary = models.FloatField(default=0)
    private_at = models.DateTimeField()

    objects = StandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["step", "enrolment"], condition=Q(team=None), name="standing_per_enrolment"
            ),
            models.UniqueConstraint(fields=["step", "team"], condition=Q(enrolment=None), name="standing_per_team"),
            models.CheckConstraint(
                condition=Q(team=None, enrolment__isnull=False) | Q(team__isnull=False, enrolment=None),
                name="standing_has_one_owner",
            ),
        ]
        indexes = [
            models.Index(fields=["step", "public_primary", "public_secondary", "public_at"], name="board_public"),
            models.Index(fields=["step", "private_primary", "private_secondary", "private_at"], name="board_private"),
        ]

    def __str__(self) -> str:
        return f"{self.team or self.enrolment} on step {self.step_id}"

    @property
    def shown_name(self) -> str:
        return self.team.name if self.team else self.enrolment.shown_name if self.enrolment else ""


class RunnerPulse(models.Model):
    """What the runner last said of itself; one row, written by whichever worker can reach it."""

    is_ready = models.BooleanField(help_text="Its self-test passed: it runs submissions")
    reason = models.CharField(max_length=300, blank=True, help_text="Why it runs none")
    environment = models.CharField(max_length=64, help_text="Digest of what executes submissions")
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{'ready' if self.is_ready else self.reason} at {self.seen_at:%F %T}"
