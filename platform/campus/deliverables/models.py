"""What was handed in for people to judge, version by version, and what is being prepared.

A deliverable's *owner* is the team where the step is by team, else the enrolment. Versions never change: a new one
stands beside them and becomes the current one.
"""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cases.models import Step
from campus.cohorts.models import Enrolment, EnrolmentState
from campus.submissions.models import Owner
from campus.teams.models import Team

LONGEST_TEXT = 20_000  # characters
LONGEST_AI_USE = 2_000
LONGEST_URL = 500
LONGEST_LABEL = 100
LONGEST_NAME = 120


class FileKind(models.TextChoices):
    """What a file is, by its content."""

    PDF = "pdf", _("PDF")
    NOTEBOOK = "notebook", pgettext_lazy("kind of file", "Notebook")
    CSV = "csv", _("CSV table")
    PICTURE = "picture", pgettext_lazy("kind of file", "Picture")

    @property
    def has_pages(self) -> bool:
        """Whether it is shown as pictures of its pages; a picture is one page."""
        return self in {FileKind.PDF, FileKind.PICTURE}


class DeliverableQuerySet(models.QuerySet["Deliverable"]):
    def current(self) -> "DeliverableQuerySet":
        """The newest version of each owner."""
        return self.filter(is_current=True)

    def of_owner(self, owner: Owner) -> "DeliverableQuerySet":
        return self.filter(owner.filter)

    def with_owner(self) -> "DeliverableQuerySet":
        """With what names the owner."""
        return self.select_related("enrolment__person", "enrolment__study_class", "team")

    def with_step(self) -> "DeliverableQuerySet":
        """With the step, which knows its case and cohort."""
        return self.select_related("step__cohort_case__case_version", "step__cohort_case__cohort")

    def with_content(self) -> "DeliverableQuerySet":
        """With files and links, in a bounded number of queries."""
        return self.prefetch_related("files", "links")


class Deliverable(models.Model):
    """A version of what an enrolment (for its team, where there is one) handed in for a step. Never changed."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="deliverables")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="deliverables")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="deliverables")
    number = models.PositiveIntegerField(help_text="1, 2, 3… for each owner and step")
    text = models.TextField(blank=True, help_text="Markdown")
    ai_use = models.TextField(help_text="How generative AI was used")
    handed_in_at = models.DateTimeField(default=timezone.now)
    is_late = models.BooleanField(default=False, help_text="After the owner's deadline, as it is now")
    is_current = models.BooleanField(default=True, help_text="The newest of its owner")
    request_key = models.UUIDField(null=True, blank=True, help_text="Idempotency key: the same one is handed in once")

    # True only on what was made just now, and not found again by its request key.
    is_new = False

    objects = DeliverableQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["step", "enrolment", "number"], condition=Q(team=None), name="deliverable_number_of_enrolment"
            ),
            models.UniqueConstraint(
                fields=["step", "team", "number"], condition=Q(team__isnull=False), name="deliverable_number_of_team"
            ),
            models.UniqueConstraint(
                fields=["step", "enrolment"],
                condition=Q(team=None, is_current=True),
                name="one_current_deliverable_of_enrolment",
            ),
            models.UniqueConstraint(
                fields=["step", "team"],
                condition=Q(team__isnull=False, is_current=True),
                name="one_current_deliverable_of_team",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "request_key"],
                condition=Q(request_key__isnull=False),
                name="one_deliverable_per_request",
            ),
        ]
        indexes = [
            models.Index(
                fields=["step", "-handed_in_at"], condition=Q(is_current=True), name="deliverable_current_of_step"
            )
        ]

    def __str__(self) -> str:
        return f"version {self.number} of step {self.step_id} ({self.handed_in_at:%F %T})"

    @property
    def owner(self) -> Owner:
        return Owner(enrolment=self.enrolment, team=self.team)

    @property
    def owner_q(self) -> Q:
        """Condition that selects rows of the same owner in models with ``enrolment`` and ``team``."""
        return self.owner.filter

    @property
    def owner_name(self) -> str:
        """For those who may know whose it is."""
        return self.team.name if self.team else self.enrolment.person.name

    @property
    def address(self) -> str:
        """Its page."""
        return reverse("deliverables:deliverable", args=[self.step.cohort.slug, self.pk])


class File(models.Model):
    """A file by the digest of its content: what both deliverables and drafts hold."""

    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=LONGEST_NAME)
    kind = models.CharField(max_length=10, choices=FileKind)
    digest = models.CharField(max_length=64, help_text="SHA-256")
    size = models.PositiveBigIntegerField(help_text="Bytes")

    class Meta:
        abstract = True
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name

    @property
    def has_pages(self) -> bool:
        return FileKind(self.kind).has_pages


class DeliverableFile(File):
    deliverable = models.ForeignKey(Deliverable, on_delete=models.CASCADE, related_name="files")

    class Meta(File.Meta):
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "position"], name="deliverable_file_position_unique")
        ]


class DeliverableLink(models.Model):
    """An address elsewhere that belongs to the deliverable."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.CASCADE, related_name="links")
    position = models.PositiveSmallIntegerField()
    url = models.URLField(max_length=LONGEST_URL)
    label = models.CharField(max_length=LONGEST_LABEL, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "position"], name="deliverable_link_position_unique")
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.label or self.url


class Draft(models.Model):
    """What a learner has prepared for a step and not handed in: saved as typed, right or wrong.

    It is the learner's own also where a team hands in: what team mates share is what was handed in.
    """

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="drafts")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="drafts")
    text = models.TextField(blank=True)
    ai_use = models.TextField(blank=True)
    links = models.TextField(blank=True, help_text="As typed: an address for each line, a name after it")
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by_page = models.CharField(max_length=32, blank=True, help_text="The open page that saved last")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "enrolment"], name="one_draft_per_step")]

    def __str__(self) -> str:
        return f"draft of enrolment {self.enrolment_id} for step {self.step_id}"

    @property
    def stamp(self) -> str:
        """Tells whether what somebody saw last is still what is saved."""
        return stamp_of(self.saved_at)


class DraftFile(File):
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")

    class Meta(File.Meta):
        constraints = [models.UniqueConstraint(fields=["draft", "position"], name="draft_file_position_unique")]


def stamp_of(moment: datetime) -> str:
    """A moment as a page remembers it."""
    return f"{moment.timestamp():.6f}"


class ExhibitQuerySet(models.QuerySet["Exhibit"]):
    def with_owner(self) -> "ExhibitQuerySet":
        """With what names the owner and the step."""
        return self.select_related(
            "enrolment__person",
            "team",
            "step__cohort_case__case_version",
            "step__cohort_case__cohort",
        )

    def shown(self) -> "ExhibitQuerySet":
        """Those whose owners let the cohort see them and still are in it."""
        gone = Q(enrolment__state=EnrolmentState.WITHDRAWN) | Q(enrolment__person__is_active=False)
        return self.filter(withdrawn_at=None).exclude(gone, team=None)


class Exhibit(models.Model):
    """An owner lets the cohort see what was handed in for a step, with words on how it was made.

    It shows the current version, and only once nobody works on the step any more (``exhibits.open_steps``).
    """

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="exhibits")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="exhibits")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="exhibits")
    write_up = models.TextField(blank=True, help_text="Markdown: how it was made")
    shown_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ExhibitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["step", "enrolment"], condition=Q(team=None), name="exhibit_once_per_enrolment"
            ),
            models.UniqueConstraint(
                fields=["step", "team"], condition=Q(team__isnull=False), name="exhibit_once_per_team"
            ),
        ]

    def __str__(self) -> str:
        return f"exhibit {self.pk} of step {self.step_id}"

    @property
    def owner(self) -> Owner:
        return Owner(enrolment=self.enrolment, team=self.team)

    @property
    def owner_name(self) -> str:
        """As it stands on boards."""
        return self.team.name if self.team else self.enrolment.shown_name

    @property
    def address(self) -> str:
        return reverse("deliverables:exhibit", args=[self.step.cohort.slug, self.pk])
