"""Installed versions of case packs, and the steps a cohort makes of them."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import Cohort, Enrolment, Role, Titled, in_reader_language
from campus.people.models import Person
from campus.questionnaires.models import Questionnaire
from campus.teams.models import Team
from grader.pack import Build, Pack, load_build, load_pack
from grader.scoring import load_truth
from grader.truth import Truth


class Track(models.TextChoices):
    AI = "ai", _("Track 1: building AI")
    DATA = "data", _("Track 2: data-driven change")


class SeedKind(models.TextChoices):
    DEMO = "demo", _("Public seed of the repository, for demonstrations only")
    SECRET = "secret", _("Secret seed of this installation")
    DATA = "data", _("The organiser’s own data")


class CaseVersionQuerySet(models.QuerySet["CaseVersion"]):
    def offered_to(self, person: Person, cohort: Cohort) -> "CaseVersionQuerySet":
        """What the person may bring into the cohort: the operator's cases, and those of cohorts that they organise."""
        organised = Enrolment.objects.of(person).filter(role=Role.ORGANISER).values("cohort")
        return self.filter(Q(owner=None) | Q(owner=cohort) | Q(owner__in=organised))


class CaseVersion(Titled):
    """A case pack as installed here: never changed, a new version stands beside it.

    Files live in ``CASE_ROOT/<folder>``: ``pack`` (story, samples), ``build/public`` (what learners
    may see) and ``build/truth`` (never served). The digests are the ones recorded with every score.
    """

    slug = models.SlugField()
    version = models.CharField(max_length=30)
    track = models.CharField(max_length=10, choices=Track)
    manifest = models.JSONField(help_text="case.toml as JSON, for lists that need no pack on disk")
    folder = models.CharField(max_length=200, unique=True)
    seed_kind = models.CharField(max_length=10, choices=SeedKind)
    pack_digest = models.CharField(max_length=64)
    features_digest = models.CharField(max_length=64)
    truth_digest = models.CharField(max_length=64)
    metric_version = models.CharField(max_length=64)
    baselines = models.JSONField(default=list, help_text='[{"key", "label": {"ja", "en"}, "public": …, "private": …}]')
    installed_at = models.DateTimeField(auto_now_add=True)
    owner = models.ForeignKey(
        Cohort,
        on_delete=models.PROTECT,
        null=True,
        related_name="own_case_versions",
        help_text="The cohort whose organisers made it; empty where the operator installed it for everybody",
    )

    objects = CaseVersionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="case_version_unique")]

    @property
    def path(self) -> Path:
        return Path(settings.CASE_ROOT) / self.folder

    def pack(self) -> Pack:
        """The pack on disk, read once per process."""
        return read_pack(self.path / "pack")

    def build(self) -> Build:
        """The built data on disk, read once per process."""
        return read_build(self.path / "build")

    def truth(self) -> Truth:
        """What only the scorer may see; never call it where a page or an answer is made."""
        return read_truth(self.path)


# Installed versions never change, so each is read once per process.
@cache
def read_pack(path: Path) -> Pack:
    """The pack in this folder."""
    return load_pack(path)


@cache
def read_build(path: Path) -> Build:
    """The build in this folder."""
    return load_build(path)


@cache
def read_truth(path: Path) -> Truth:
    """The truth of the version in this folder."""
    return load_truth(read_build(path / "build"), read_pack(path / "pack"))


class CohortCase(models.Model):
    """A case that a cohort works on, at the version it started with."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="cases")
    case_version = models.ForeignKey(CaseVersion, on_delete=models.PROTECT, related_name="cohort_cases")
    slug = models.SlugField(help_text="The case's own; a cohort has each case once.")
    position = models.PositiveSmallIntegerField(default=0)
    capacity = models.PositiveIntegerField(
        _("Places"), null=True, blank=True, help_text=_("How many learners can choose it. Leave empty for no limit.")
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "slug"], name="case_once_per_cohort")]
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.case_version.title


class StepKind(models.TextChoices):
    """What is handed in. The grader judges predictions and models, people judge the rest."""

    TEXT = "text", _("Text and files")
    MODEL = "model", _("Predictions or model")
    DECISION = "decision", _("Decision plan")
    REVIEW = "review", _("Peer review")
    SURVEY = "survey", _("Survey and reflection")

    @property
    def is_graded(self) -> bool:
        return self in {StepKind.MODEL, StepKind.DECISION}


class StepBy(models.TextChoices):
    PERSON = "person", _("Each person")
    TEAM = "team", _("Each team")


class StepQuerySet(models.QuerySet["Step"]):
    def with_case(self) -> "StepQuerySet":
        return self.select_related("cohort_case__case_version", "cohort_case__cohort")


class Step(Titled):
    """A part of a case in a cohort: what is handed in, by whom, from when until when."""

    cohort_case = models.ForeignKey(CohortCase, on_delete=models.CASCADE, related_name="steps")
    key = models.SlugField()
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=StepKind)
    by = models.CharField(max_length=10, choices=StepBy, default=StepBy.PERSON)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    questionnaire = models.ForeignKey(
        Questionnaire,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="steps",
        help_text="The form that a survey shows in place.",
    )

    rubric_changes = models.JSONField(
        default=dict,
        blank=True,
        help_text="Weights and words that the organiser changed, by criterion; the rest is the case's",
    )

    objects = StepQuerySet.as_manager()
    # True on the copies that `deadlines.closing_at` makes for somebody with an extension.
    is_extended = False

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort_case", "key"], name="step_key_unique_in_case"),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="step_closes_after_opening"
            ),
        ]
        ordering = ["position"]

    @property
    def cohort(self) -> Cohort:
        return self.cohort_case.cohort

    @property
    def case_version(self) -> CaseVersion:
        return self.cohort_case.case_version

    @property
    def is_graded(self) -> bool:
        return StepKind(self.kind).is_graded

    @property
    def is_team_step(self) -> bool:
        return self.by == StepBy.TEAM

    def is_open(self, at: datetime | None = None) -> bool:
        return self.opens_at <= (at or timezone.now()) < self.closes_at

    def has_opened(self, at: datetime | None = None) -> bool:
        return self.opens_at <= (at or timezone.now())

    def is_closed(self, at: datetime | None = None) -> bool:
        return (at or timezone.now()) >= self.closes_at

    def manifest(self) -> dict[str, Any]:
        """The step's section of the case's manifest."""
        steps: list[dict[str, Any]] = self.case_version.manifest.get("steps", [])
        return next((step for step in steps if step["key"] == self.key), {})


class Extension(models.Model):
    """A later deadline of a step, for a person or, where teams hand in, for a team.

    Granting again changes the row; the audit log keeps what it was before.
    """

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="extensions")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, null=True, blank=True, related_name="extensions")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="extensions")
    closes_at = models.DateTimeField(_("New deadline"))
    reason = models.CharField(_("Reason"), max_length=300)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    granted_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(enrolment__isnull=False, team=None) | Q(enrolment=None, team__isnull=False),
                name="extension_has_one_owner",
            ),
            models.UniqueConstraint(
                fields=["step", "enrolment"], condition=Q(team=None), name="extension_once_per_enrolment"
            ),
            models.UniqueConstraint(
                fields=["step", "team"], condition=Q(enrolment=None), name="extension_once_per_team"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} until {self.closes_at:%F %T}"


class ChoiceRule(models.Model):
    """How the learners of a cohort choose their cases. Without a rule every case is for everybody."""

    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="choice_rule")
    cases_each = models.PositiveSmallIntegerField(_("Cases per learner"), default=1)
    tracks = ArrayField(
        models.CharField(max_length=10, choices=Track),
        verbose_name=_("Tracks to choose from"),
        help_text=_("Everybody works on the cases of the other tracks."),
    )
    until = models.DateTimeField(_("Learners can choose until"))

    def __str__(self) -> str:
        return f"{self.cases_each} of {', '.join(self.tracks)} until {self.until:%F %T}"


class CaseChoice(models.Model):
    """A case that a learner works on by her own choice, or by the organiser's."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="case_choices")
    cohort_case = models.ForeignKey(CohortCase, on_delete=models.CASCADE, related_name="choices")
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    chosen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "cohort_case"], name="case_chosen_once")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} chose {self.cohort_case_id}"


class DraftState(models.TextChoices):
    """How far a draft is. What waits or is worked on is a background job's."""

    WAITING = "waiting", pgettext_lazy("draft", "Waiting")
    WORKING = "working", pgettext_lazy("draft", "In progress")
    READY = "ready", pgettext_lazy("draft", "Checked")
    BROKEN = "broken", pgettext_lazy("draft", "Needs changes")

    @property
    def is_busy(self) -> bool:
        return self in {DraftState.WAITING, DraftState.WORKING}


class DraftTask(models.TextChoices):
    """What the job is to do."""

    MAKE = "make", pgettext_lazy("draft", "Making the pack from the table")
    PROVE = "prove", pgettext_lazy("draft", "Checking the pack")
    PUBLISH = "publish", pgettext_lazy("draft", "Publishing the version")


class CaseDraft(models.Model):
    """A case that the organisers of a cohort are making: a pack that may change until a version of it is published."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="case_drafts")
    slug = models.SlugField()
    title_ja = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    wishes = models.JSONField(
        null=True, help_text="Options for the table that it began from; null for an uploaded pack"
    )
    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.WAITING)
    task = models.CharField(max_length=10, choices=DraftTask)
    attempt = models.PositiveSmallIntegerField(default=0)
    report = models.JSONField(null=True, help_text="What was guessed from the table: grader/new/reporting.py")
    proof = models.JSONField(null=True, help_text="Checks by name and the ladder: grader.checks.Proof")
    problems = models.JSONField(default=list, help_text="Why there is no pack, as problems of the grader")
    published = models.ForeignKey(CaseVersion, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="For whom it is worked",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "slug"], name="draft_once_per_cohort")]
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return in_reader_language(self.title_ja, self.title_en)

    @property
    def folder(self) -> Path:
        """``pack``, and ``table.csv`` where it began from a table; beside the installed cases, closed like them."""
        return Path(settings.CASE_ROOT) / ".drafts" / str(self.pk)

    @property
    def pack_folder(self) -> Path:
        return self.folder / "pack"

    @property
    def is_busy(self) -> bool:
        return DraftState(self.state).is_busy

    @property
    def has_pack(self) -> bool:
        return (self.pack_folder / "case.toml").is_file()

    @property
    def stream(self) -> str:
        """The live stream on which its progress is told."""
        return f"draft:{self.pk}"
