"""A round of peer review: works, each learner's share, who has which work, reviews and what authors say to them.

Nothing is deleted when a review goes to somebody else: the assignment ends and says why.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cases.models import Step
from campus.cohorts.models import TAKES_PART, Cohort, Enrolment, Role
from campus.deliverables.models import Deliverable
from campus.reviews.decisions import EndReason, Rules, Stage
from campus.submissions.models import Owner
from campus.teams.models import Team


class ReviewRound(models.Model):
    """The peer review of one step's hand-ins, as the review step of the case asks for it."""

    step = models.OneToOneField(Step, on_delete=models.CASCADE, related_name="review_round")
    judged = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="review_rounds")
    reviews_each = models.PositiveSmallIntegerField(
        pgettext_lazy("round", "Reviews per learner and per work"), default=3
    )
    idle_hours = models.PositiveSmallIntegerField(
        _("Hours until a review that hasn’t been started goes to somebody else"), default=72
    )
    due_hours = models.PositiveSmallIntegerField(
        _("Hours in which a review should be handed in"),
        default=120,
        help_text=_("Counted from when it was assigned. Learners see the date and are reminded the day before."),
    )
    favours = models.PositiveSmallIntegerField(
        _("Most favours to ask of one learner"),
        default=3,
        help_text=_(
            "Extra reviews to ask of learners who have finished their own, if a work would otherwise wait too long. "
            "With 0, nobody is asked."
        ),
    )
    has_news = models.BooleanField(default=False, help_text="Reviews were given since results were worked out")

    def __str__(self) -> str:
        return f"round of step {self.step_id}"

    @property
    def cohort(self) -> Cohort:
        return self.step.cohort

    @property
    def rules(self) -> Rules:
        return Rules(
            idle_after=timedelta(hours=self.idle_hours),
            due_after=timedelta(hours=self.due_hours),
            most_extras=self.favours,
        )

    def path(self, page: str = "page", *numbers: int) -> str:
        """Address of one of the round's pages for learners."""
        names = [self.cohort.slug, self.step.cohort_case.slug, self.step.key]
        return reverse(f"reviews:{page}", args=[*names, *numbers])


class Work(models.Model):
    """What one owner handed in, as the round sees it: the current deliverable, and what the reviews say together."""

    round = models.ForeignKey(ReviewRound, on_delete=models.CASCADE, related_name="works")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, null=True, related_name="reviewed_works")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="reviewed_works")
    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="+", help_text="The newest")
    since = models.DateTimeField(default=timezone.now, help_text="When it came into the round")
    result = models.JSONField(null=True, help_text="reviews.results.Result as JSON; null before the first review")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(enrolment__isnull=False, team=None) | Q(enrolment=None, team__isnull=False),
                name="reviewed_work_has_one_owner",
            ),
            models.UniqueConstraint(
                fields=["round", "enrolment"], condition=Q(team=None), name="reviewed_work_of_enrolment"
            ),
            models.UniqueConstraint(
                fields=["round", "team"], condition=Q(enrolment=None), name="reviewed_work_of_team"
            ),
        ]

    def __str__(self) -> str:
        return f"work {self.pk} of round {self.round_id}"

    @property
    def owner_name(self) -> str:
        """For those who may know whose it is."""
        if self.team:
            return self.team.name
        return self.enrolment.person.name if self.enrolment else ""

    @property
    def stream(self) -> str:
        """Where the owner hears of it."""
        return f"team:{self.team_id}" if self.team_id else f"enrolment:{self.enrolment_id}"


class ShareQuerySet(models.QuerySet["Share"]):
    def taking_part(self) -> "ShareQuerySet":
        return self.filter(
            enrolment__state__in=TAKES_PART, enrolment__person__is_active=True, enrolment__role=Role.LEARNER
        )


class Share(models.Model):
    """A learner's part in a round: how many reviews she owes, and whether she was let off."""

    round = models.ForeignKey(ReviewRound, on_delete=models.CASCADE, related_name="shares")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="review_shares")
    active_at = models.DateTimeField(null=True, blank=True, help_text="When she last did something in the round")
    takes_extras = models.BooleanField(default=True, help_text="May be asked for a review more than she owes")
    excused_at = models.DateTimeField(null=True, blank=True)
    excused_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    excuse = models.CharField(_("Reason"), max_length=300, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "enrolment"], name="review_share_once")]

    def __str__(self) -> str:
        return f"share of enrolment {self.enrolment_id} in round {self.round_id}"

    @property
    def owes(self) -> int:
        return 0 if self.excused_at else self.round.reviews_each


STAGES = [
    (Stage.ASSIGNED, pgettext_lazy("review", "Not started")),
    (Stage.BEGUN, pgettext_lazy("review", "Started")),
    (Stage.GIVEN, pgettext_lazy("review", "Handed in")),
    (Stage.ENDED, pgettext_lazy("review", "Ended")),
]
END_REASONS = [
    (EndReason.IDLE, _("Not started in time")),
    (EndReason.LEFT, _("The reviewer stopped taking part")),
    (EndReason.LATE, _("The reviewer’s deadline passed")),
    (EndReason.MOVED, _("Exchanged for a work that needed reviewers")),
    (EndReason.NOT_NEEDED, _("No longer needed")),
    (EndReason.DECLINED, _("The reviewer declined this favour")),
    (EndReason.KNOWN, _("The reviewer knew whose work it was")),
    (EndReason.REASSIGNED, _("Withdrawn by the organiser")),
]


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def open(self) -> "AssignmentQuerySet":
        """Not given yet, and not ended."""
        return self.filter(stage__in=[stage for stage in Stage if stage.is_open])

    def given(self) -> "AssignmentQuerySet":
        return self.filter(stage=Stage.GIVEN)

    def counted(self) -> "AssignmentQuerySet":
        """Given, and not set aside after an appeal."""
        return self.given().filter(review__set_aside_at=None)

    def with_all(self) -> "AssignmentQuerySet":
        """With what its pages name, in one query."""
        return self.select_related(
            "share__enrolment__person",
            "share__round__step__cohort_case__case_version",
            "share__round__step__cohort_case__cohort",
            "share__round__judged",
            "work__deliverable",
            "deliverable",
            "review",
        )


class Assignment(models.Model):
    """A work in the hands of a reviewer, now or formerly. A pair meets once."""

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="assignments")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="assignments")
    deliverable = models.ForeignKey(
        Deliverable, on_delete=models.PROTECT, related_name="review_assignments", help_text="The version that is judged"
    )
    stage = models.CharField(max_length=10, choices=STAGES, default=Stage.ASSIGNED)
    is_extra = models.BooleanField(default=False, help_text="A favour beyond what the reviewer owes")
    assigned_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True, blank=True)
    touched_at = models.DateTimeField(null=True, blank=True, help_text="When the reviewer last worked on it")
    given_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, choices=END_REASONS, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["share", "work"], name="review_pair_meets_once")]
        indexes = [models.Index(fields=["work", "stage"])]

    def __str__(self) -> str:
        return f"{self.share_id} reviews {self.work_id} ({self.stage})"

    @property
    def is_open(self) -> bool:
        return Stage(self.stage).is_open

    @property
    def due_at(self) -> datetime:
        """By when the reviewer is asked to give it; never after the round's deadline as its reader sees it."""
        round_ = self.share.round
        return min(self.assigned_at + round_.rules.due_after, round_.step.closes_at)

    @property
    def path(self) -> str:
        return self.share.round.path("write", self.pk)


class Review(models.Model):
    """What a reviewer writes: points and a comment for each criterion. A draft as typed until it is given."""

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="review")
    marks = models.JSONField(default=dict, help_text="Points by key of the criterion")
    comments = models.JSONField(default=dict, help_text="Texts by key of the criterion")
    advice = models.TextField(blank=True, help_text="What the author could do next")
    saved_at = models.DateTimeField(default=timezone.now)
    set_aside_at = models.DateTimeField(null=True, blank=True, help_text="After an appeal: counts no more")

    def __str__(self) -> str:
        return f"review {self.pk}"

    @property
    def given_at(self) -> Any:
        return self.assignment.given_at


class Rating(models.IntegerChoices):
    """What an author thinks of a review that she received."""

    NOT = 1, pgettext_lazy("rating", "Did not help")
    LITTLE = 2, pgettext_lazy("rating", "Helped a little")
    WELL = 3, pgettext_lazy("rating", "Helped")
    MUCH = 4, pgettext_lazy("rating", "Helped a lot")


class Reception(models.Model):
    """What the author says to a review: a rating, which may change, and one answer."""

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="reception")
    rating = models.PositiveSmallIntegerField(choices=Rating, null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Enrolment, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"reception of review {self.review_id}"


class Outcome(models.TextChoices):
    KEPT = "kept", _("The reviews stand")
    SET_ASIDE = "set_aside", _("Reviews were set aside")
    CLOSED = "closed", _("Closed: the requester’s account was deleted")


class Appeal(models.Model):
    """The author asks staff to look at the reviews again; decided once.

    What was closed because the account was deleted leaves a team free to ask anew.
    """

    work = models.OneToOneField(Work, on_delete=models.CASCADE, related_name="appeal")
    reason = models.TextField()
    by = models.ForeignKey(Enrolment, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"appeal about work {self.work_id}"

    @property
    def is_closed(self) -> bool:
        """Whether nobody will decide it any more."""
        return self.outcome == Outcome.CLOSED


class RubricChange(models.Model):
    """Other weights and words for the rubric of a round: looked at first, then switched to or dropped (deleted).

    What holds stands with the judged step; these rows are its history and the one draft.
    """

    round = models.ForeignKey(ReviewRound, on_delete=models.CASCADE, related_name="rubric_changes")
    criteria = models.JSONField(help_text="As ``Step.rubric_changes``")
    reason = models.CharField(_("Reason"), max_length=300, help_text=_("Shown to everybody affected by the change."))
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    switched_at = models.DateTimeField(null=True, blank=True, help_text="Null for the draft")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round"], condition=Q(switched_at=None), name="one_rubric_draft_per_round")
        ]
        ordering = ["-switched_at"]

    def __str__(self) -> str:
        return f"rubric of round {self.round_id}, {self.switched_at or 'draft'}"


class PracticeReview(models.Model):
    """What a reviewer gave a sample with known marks, before reviewing."""

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="practice")
    sample = models.CharField(max_length=60, help_text="Key in the case")
    marks = models.JSONField(help_text="Points by key of the criterion")
    done_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["share", "sample"], name="sample_practised_once")]

    def __str__(self) -> str:
        return f"{self.share_id} practised on {self.sample}"


def owner_of_work(work: Work) -> Owner | None:
    """The owner as submissions know it, for locks and deadlines; None once the enrolment is gone."""
    if work.team:
        return Owner(enrolment=work.deliverable.enrolment, team=work.team)
    return Owner(enrolment=work.enrolment) if work.enrolment else None
