"""Who issues badges and with which keys, what each badge stands for, and who was given it.

An award is exactly one row for each person and achievement. It is made before it is signed: what a run of issuing
still owes are its awards without a moment of issue, so a run can be broken off anywhere and taken up again.
"""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.badges.skills.models import Crossing, Skill, SkillFramework  # noqa: F401 - for Django to find them
from campus.cohorts.models import Cohort, Enrolment, in_reader_language
from campus.people.models import Person

# Every status list has so many places, as the Bitstring Status List specification wants at least.
STATUS_PLACES = 131_072


class Issuer(models.Model):
    """Who stands behind the badges of this installation; there is one."""

    is_only = models.BooleanField(default=True, unique=True, editable=False, help_text="Keeps it the only one")
    name_ja = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    url = models.CharField(max_length=200, help_text="Home page of who issues")
    email = models.EmailField(help_text="Where verifiers may ask; Open Badges 2.0 wants one")
    base_url = models.CharField(max_length=200, help_text="The site's address at that time; every badge carries it")
    did = models.CharField(max_length=255, help_text="did:web:… of that address")
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.did

    @property
    def name(self) -> str:
        return in_reader_language(self.name_ja, self.name_en)


class IssuerKey(models.Model):
    """A generation of signing keys. Retired ones stay in the DID document, so that what they signed stays genuine."""

    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="keys")
    number = models.PositiveIntegerField()
    sealed = models.TextField(help_text="The private keys, encrypted with BADGE_KEY_SECRET")
    public = models.JSONField(help_text="The public keys as the DID document shows them")
    made_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, help_text="Since when nothing is signed with it")
    compromised_at = models.DateTimeField(null=True, help_text="Since when what it signed is not trusted")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "number"], name="key_number_unique"),
            models.UniqueConstraint(fields=["issuer"], condition=Q(retired_at=None), name="one_key_signs"),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"key {self.number} of issuer {self.issuer_id}"

    @property
    def name(self) -> str:
        """Makes the ids of its keys in the DID document."""
        return f"key-{self.number}"


class StatusList(models.Model):
    """The published list that says which badges were revoked, as it was signed last."""

    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="status_lists")
    number = models.PositiveIntegerField()
    document = models.TextField(blank=True, help_text="The signed credential; empty until somebody asks for it")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "number"], name="status_list_number_unique")]

    def __str__(self) -> str:
        return f"status list {self.number}"

    @property
    def path(self) -> str:
        return reverse("badges:status", args=[self.number])


class Rule(models.TextChoices):
    """By what somebody earns an achievement."""

    COMPLETION = "completion", _("Everybody who completes the cohort")
    BY_HAND = "by_hand", _("People chosen by the organiser")


class AchievementQuerySet(models.QuerySet["Achievement"]):
    def with_counts(self) -> "AchievementQuerySet":
        issued = Q(awards__issued_at__isnull=False)
        return self.select_related("current", "cohort").annotate(
            issued=Count("awards", filter=issued), revoked=Count("awards", filter=Q(awards__revoked_at__isnull=False))
        )


class Achievement(models.Model):
    """What a badge of a cohort stands for. Its texts and picture are those of the current version."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="achievements")
    rule = models.CharField(_("Who earns it"), max_length=12, choices=Rule, default=Rule.COMPLETION)
    current = models.OneToOneField("AchievementVersion", on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = AchievementQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def version(self) -> "AchievementVersion":
        """The current version; every achievement has one once it is made."""
        if self.current is None:
            raise ValueError(f"achievement {self.pk} has no version")
        return self.current

    @property
    def name(self) -> str:
        return self.current.name if self.current else ""

    @property
    def is_by_completion(self) -> bool:
        return self.rule == Rule.COMPLETION


class AchievementVersion(models.Model):
    """Texts, picture and validity of an achievement. What somebody holds never changes: then an edit is a new one."""

    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    name_ja = models.CharField(_("Name (Japanese)"), max_length=100)
    name_en = models.CharField(_("Name (English)"), max_length=100)
    description_ja = models.TextField(pgettext_lazy("badge", "Description (Japanese)"), max_length=1000)
    description_en = models.TextField(pgettext_lazy("badge", "Description (English)"), max_length=1000)
    criteria_ja = models.TextField(_("How to earn it (Japanese)"), max_length=2000)
    criteria_en = models.TextField(_("How to earn it (English)"), max_length=2000)
    valid_months = models.PositiveSmallIntegerField(
        _("Valid for (months)"), null=True, blank=True, help_text=_("Leave empty for a badge that doesn’t expire.")
    )
    alignments = models.JSONField(default=list, blank=True, help_text="Skills: framework, version, code, name, url")
    design = models.JSONField(default=dict, help_text="Of what the picture was drawn; empty where it was uploaded")
    picture = models.FileField(upload_to="unused", max_length=200, help_text="PNG, named by its digest")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["achievement", "number"], name="achievement_version_unique")]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"

    @property
    def name(self) -> str:
        return in_reader_language(self.name_ja, self.name_en)

    @property
    def description(self) -> str:
        return in_reader_language(self.description_ja, self.description_en)

    @property
    def criteria(self) -> str:
        return in_reader_language(self.criteria_ja, self.criteria_en)

    def text(self, name: str, language: str) -> str:
        """``name``, ``description`` or ``criteria`` in one language."""
        return str(getattr(self, f"{name}_{language}"))

    def path(self, language: str) -> str:
        """Of the page about it in one language; stands in every badge of this version."""
        return reverse("badges:public_achievement", args=[self.achievement.uid, self.number, language])

    @property
    def picture_path(self) -> str:
        return reverse("badges:picture", args=[self.achievement.uid, self.number])


class RunState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("issuing", "Being issued")
    DONE = "done", pgettext_lazy("issuing", "Issued")
    BROKEN = "broken", pgettext_lazy("issuing", "Interrupted")
    STOPPED = "stopped", pgettext_lazy("issuing", "Stopped")


class IssueRun(models.Model):
    """An achievement given to many at once, or issued anew to its holders, by a background job."""

    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, related_name="runs")
    is_anew = models.BooleanField(default=False, help_text="Signs what is held already once more")
    state = models.CharField(max_length=10, choices=RunState, default=RunState.RUNNING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True, help_text="Why it was interrupted")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"run {self.pk}: {self.done} of {self.total}"

    @property
    def is_running(self) -> bool:
        return self.state == RunState.RUNNING

    @property
    def is_broken(self) -> bool:
        return self.state == RunState.BROKEN

    @property
    def stream(self) -> str:
        """The live stream on which its progress is told."""
        return f"issuerun:{self.pk}"

    @property
    def owed(self) -> "AwardQuerySet":
        """What it still has to sign."""
        return Award.objects.in_force().filter(anew_run=self) if self.is_anew else self.awards.owed()


class Evidence(models.TextChoices):
    """What a holder may show beside a badge, each by consent."""

    SUBMISSIONS = "submissions", _("Work I handed in: which steps, and when")
    REVIEWS = "reviews", _("Reviews I gave to others: how many")
    CONTRIBUTION = "contribution", _("How I helped others: posts that were thanked for or answered a question")


class AwardQuerySet(models.QuerySet["Award"]):
    def issued(self) -> "AwardQuerySet":
        """Those that exist for anybody but the run that is making them."""
        return self.filter(issued_at__isnull=False)

    def owed(self) -> "AwardQuerySet":
        return self.filter(issued_at=None)

    def in_force(self) -> "AwardQuerySet":
        """Issued, not revoked, not over, and still somebody's."""
        is_over = Q(expires_at__isnull=False, expires_at__lte=timezone.now())
        return self.issued().filter(revoked_at=None, erased_at=None).exclude(is_over)

    def with_badge(self) -> "AwardQuerySet":
        """With all that a page about one shows."""
        return self.select_related("version__achievement", "achievement__cohort__programme", "person", "status_list")


class Award(models.Model):
    """The badge of one person: the facts as of its issue, and what became of it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, related_name="awards")
    version = models.ForeignKey(AchievementVersion, on_delete=models.PROTECT, related_name="awards")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="awards")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.SET_NULL, null=True, related_name="awards")
    run = models.ForeignKey(IssueRun, on_delete=models.SET_NULL, null=True, related_name="awards")
    anew_run = models.ForeignKey(
        IssueRun, on_delete=models.SET_NULL, null=True, related_name="+", help_text="Which is to sign it once more"
    )
    subject = models.UUIDField(default=uuid.uuid4, editable=False, help_text="Stands for the holder in this badge only")
    name = models.CharField(max_length=100, blank=True, help_text="The holder's name when it was signed")
    name_roman = models.CharField(max_length=100, blank=True)
    salt = models.CharField(max_length=64, blank=True, help_text="For the hash of the holder's address")
    identity = models.CharField(max_length=80, blank=True, help_text="sha256$ and the hash of address and salt")
    language = models.CharField(max_length=5, default="ja", help_text="Of the texts in the signed badge")
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="awards")
    status_index = models.PositiveIntegerField(help_text="Drawn by chance, so that it tells nothing")
    revision = models.PositiveIntegerField(default=1, help_text="Grows when it is issued anew")
    issued_at = models.DateTimeField(null=True, help_text="When it was signed first; before that it is owed")
    valid_from = models.DateTimeField(null=True, help_text="When it was signed last")
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    revoke_reason = models.CharField(max_length=300, blank=True)
    erased_at = models.DateTimeField(null=True, help_text="Since when nothing personal is left of it here")
    is_public = models.BooleanField(default=False, help_text="Whether everybody with the link sees its page")
    evidence: "ArrayField[Any, Any]" = ArrayField(
        models.CharField(max_length=20, choices=Evidence), default=list, blank=True
    )

    objects = AwardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["achievement", "person"], name="award_once_per_person"),
            models.UniqueConstraint(fields=["status_list", "status_index"], name="status_index_unique"),
        ]
        indexes = [
            models.Index(fields=["run"], condition=Q(issued_at=None), name="award_owed"),
            models.Index(fields=["status_list"], condition=Q(revoked_at__isnull=False), name="award_revoked"),
        ]

    def __str__(self) -> str:
        return f"award {self.pk} of achievement {self.achievement_id}"

    @property
    def path(self) -> str:
        return reverse("badges:badge", args=[self.uid])

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_in_force(self) -> bool:
        return not self.is_revoked and not self.is_expired

    @property
    def shown_name(self) -> str:
        """The holder's name in the reader's language, in Latin letters where it is known."""
        return in_reader_language(self.name, self.name_roman or self.name)

    def expiry(self, start: datetime) -> datetime | None:
        """When a badge that begins at the moment expires; None where it never does."""
        return add_months(start, self.version.valid_months) if self.version.valid_months else None

    def belongs_to(self, person: Person) -> bool:
        return person.is_authenticated and person.pk == self.person_id


class OldPlace(models.Model):
    """A place in a status list that an award had before it was replaced: copies that name it are revoked."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="old_places")
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="old_places")
    status_index = models.PositiveIntegerField()
    replaced_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["status_list", "status_index"], name="old_index_unique")]

    def __str__(self) -> str:
        return f"place {self.status_index} of {self.status_list_id}, once of award {self.award_id}"


class Credential(models.Model):
    """An award as it was signed last. Apart from it, so that lists don't drag kilobytes along."""

    award = models.OneToOneField(Award, on_delete=models.CASCADE, primary_key=True, related_name="credential")
    key = models.ForeignKey(IssuerKey, on_delete=models.PROTECT, related_name="+")
    document = models.TextField(help_text="Open Badges 3.0 with its Data Integrity proof, as JSON")
    jwt = models.TextField(help_text="The same as VC-JWT")

    def __str__(self) -> str:
        return f"credential of award {self.award_id}"


def add_months(moment: datetime, months: int) -> datetime:
    """The same day so many months later, or the last day of a shorter month."""
    from calendar import monthrange

    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
