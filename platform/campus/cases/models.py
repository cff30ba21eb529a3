"""Installed versions of case packs, and the steps a cohort makes of them."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campus.cohorts.models import Cohort, Titled
from grader.pack import Build, Pack, load_build, load_pack
from grader.scoring import load_truth
from grader.truth import Truth


class Track(models.TextChoices):
    AI = "ai", _("Track 1: building AI")
    DATA = "data", _("Track 2: data-driven change")


class SeedKind(models.TextChoices):
    DEMO = "demo", _("Public seed of the repository, for demonstrations only")
    SECRET = "secret", _("Secret seed of this installation")


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

    objects = StepQuerySet.as_manager()

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

    def is_closed(self, at: datetime | None = None) -> bool:
        return (at or timezone.now()) >= self.closes_at

    def manifest(self) -> dict[str, Any]:
        """The step's section of the case's manifest."""
        steps: list[dict[str, Any]] = self.case_version.manifest.get("steps", [])
        return next((step for step in steps if step["key"] == self.key), {})
