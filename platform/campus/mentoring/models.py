"""What mentors write about deliverables, whom they must not judge, and how much they take on."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cases.models import Step
from campus.cohorts.models import Cohort, Enrolment
from campus.deliverables.models import Deliverable
from campus.teams.models import Team

LONGEST_COMMENT = 4_000
LONGEST_PHRASE = 1_000
USUAL_MOST = 5
USUAL_PERCENT = 10


class MentorReview(models.Model):
    """One mentor's judgement of a version: a draft as typed until it is released to its owner."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="mentor_reviews")
    mentor = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="mentor_reviews")
    marks = models.JSONField(default=dict, help_text="Points by key of the criterion")
    comments = models.JSONField(default=dict, help_text="Texts by key of the criterion")
    advice = models.TextField(blank=True, help_text="What the authors read first")
    remark = models.TextField(blank=True, help_text="A comment that was typed and not added yet")
    remark_at = models.CharField(max_length=20, blank=True, help_text="The place it is about, as a comment's anchor")
    begun_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deliverable", "mentor"], name="mentor_reviews_once")]
        indexes = [models.Index(fields=["mentor"], condition=Q(released_at=None), name="mentor_review_open")]

    def __str__(self) -> str:
        return f"mentor review {self.pk} of deliverable {self.deliverable_id}"

    @property
    def is_released(self) -> bool:
        return self.released_at is not None


class Comment(models.Model):
    """A comment at a place in a deliverable, or an answer to one (``parent``).

    Owners read it once its review is released. ``anchor`` is one of ``deliverables.anchors``; empty for the whole.
    """

    review = models.ForeignKey(MentorReview, on_delete=models.CASCADE, related_name="threads")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="answers")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    anchor = models.CharField(max_length=20, blank=True)
    text = models.TextField(pgettext_lazy("mentoring", "Comment"), max_length=LONGEST_COMMENT)
    written_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"comment {self.pk} at {self.anchor or 'the whole'}"


class AnswerDraft(models.Model):
    """An answer in a thread that somebody typed and has not sent yet; the others don't see it."""

    thread = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "author"], name="one_answer_draft_each")]

    def __str__(self) -> str:
        return f"draft of {self.author_id} in thread {self.thread_id}"


class Phrase(models.Model):
    """Words that are often needed: a mentor's own, or, without ``owner``, the cohort's."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="phrases")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="phrases"
    )
    text = models.TextField(pgettext_lazy("mentoring", "Phrase"), max_length=LONGEST_PHRASE)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class Conflict(models.Model):
    """A mentor must neither read nor judge this team's or learner's work."""

    mentor = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="conflicts")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="conflicts")
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.CASCADE, null=True, blank=True, related_name="conflicts_of_mentors"
    )
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    declared_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(enrolment__isnull=False, team=None) | Q(enrolment=None, team__isnull=False),
                name="conflict_is_with_one",
            ),
            models.UniqueConstraint(fields=["mentor", "team"], condition=Q(enrolment=None), name="conflict_with_team"),
            models.UniqueConstraint(fields=["mentor", "enrolment"], condition=Q(team=None), name="conflict_with_one"),
        ]

    def __str__(self) -> str:
        return f"conflict of mentor {self.mentor_id}"

    @property
    def with_whom(self) -> Any:
        return self.team or (self.enrolment.person if self.enrolment else "")


class Load(models.Model):
    """How many reviews a mentor may have begun and not released; without a row USUAL_MOST."""

    mentor = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="mentor_load")
    most = models.PositiveSmallIntegerField(
        _("Reviews open at once"), default=USUAL_MOST, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )

    def __str__(self) -> str:
        return f"mentor {self.mentor_id}: {self.most}"


class Sampling(models.Model):
    """Of a step in which each person hands in: how many in a hundred works come before mentors; else USUAL_PERCENT."""

    step = models.OneToOneField(Step, on_delete=models.CASCADE, related_name="sampling")
    percent = models.PositiveSmallIntegerField(_("Share of works (in %)"), validators=[MaxValueValidator(100)])

    def __str__(self) -> str:
        return f"{self.percent} % of step {self.step_id}"


def page_of(deliverable: Deliverable) -> str:
    """Where a mentor judges the version (read ``with_step``)."""
    return reverse("mentoring:review", args=[deliverable.step.cohort.slug, deliverable.pk])


def feedback_page_of(deliverable: Deliverable) -> str:
    """Where its owner reads what was released."""
    return reverse("mentoring:feedback", args=[deliverable.step.cohort.slug, deliverable.pk])
