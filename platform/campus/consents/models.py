"""What learners of a cohort are asked to agree to, version by version, and what each answered, with the time.

A published version never changes (the database refuses it too, see the first migration): an answer is evidence only
with the very text that was read.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import Cohort, Enrolment, in_reader_language


class Kind(models.TextChoices):
    """What an item is about; code asks for consent by it: ``has_consented(enrolment, Kind.FOLLOW_UP)``."""

    TERMS = "terms", pgettext_lazy("consent", "Terms of participation")
    PRIVACY = "privacy", pgettext_lazy("consent", "Handling of personal data")
    FOLLOW_UP = "follow_up", pgettext_lazy("consent", "Survey 6 and 12 months after the end")
    PUBLICATION = "publication", pgettext_lazy("consent", "Publication of top solutions")
    OTHER = "other", pgettext_lazy("consent", "Something else")


class ConsentVersionQuerySet(models.QuerySet["ConsentVersion"]):
    def published(self) -> "ConsentVersionQuerySet":
        return self.filter(published_at__isnull=False)

    def current(self, cohort: Cohort) -> "ConsentVersion | None":
        """The version that learners of the cohort are asked to agree to now; None before the first is published."""
        return self.published().filter(cohort=cohort).order_by("-number").first()


class ConsentVersion(models.Model):
    """One version of a cohort's consent document; a draft until it is published."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="consent_versions")
    number = models.PositiveIntegerField()
    intro_ja = models.TextField(_("Introduction (Japanese)"), blank=True)
    intro_en = models.TextField(_("Introduction (English)"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    digest = models.CharField(max_length=64, editable=False, help_text="SHA-256 of the text as published")

    objects = ConsentVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "number"], name="consent_version_unique"),
            models.UniqueConstraint(fields=["cohort"], condition=Q(published_at=None), name="one_consent_draft"),
        ]

    def __str__(self) -> str:
        return f"consents of cohort {self.cohort_id}, version {self.number}"

    @property
    def intro(self) -> str:
        return in_reader_language(self.intro_ja, self.intro_en)


class ConsentItem(models.Model):
    """One thing to agree to. ``key`` is the same in every version in which the item lives on."""

    version = models.ForeignKey(ConsentVersion, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(max_length=40, editable=False)
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    kind = models.CharField(
        pgettext_lazy("consent item", "What it is about"), max_length=20, choices=Kind, default=Kind.OTHER
    )
    title_ja = models.CharField(_("Title (Japanese)"), max_length=120)
    title_en = models.CharField(_("Title (English)"), max_length=120, blank=True)
    text_ja = models.TextField(_("Text (Japanese)"))
    text_en = models.TextField(_("Text (English)"), blank=True)
    is_required = models.BooleanField(_("Required: nobody can take part without agreeing to it"), default=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="consent_item_unique")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_reader_language(self.title_ja, self.title_en)

    @property
    def text(self) -> str:
        return in_reader_language(self.text_ja, self.text_en)

    def content(self) -> list[Any]:
        """All that was read, for the digest."""
        return [self.key, self.title_ja, self.title_en, self.text_ja, self.text_en, self.is_required]


class ConsentAnswer(models.Model):
    """That somebody answered a version, when, and in which language they read it."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="consent_answers")
    version = models.ForeignKey(ConsentVersion, on_delete=models.PROTECT, related_name="answers")
    language = models.CharField(max_length=5)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "version"], name="one_answer_per_version")]

    def __str__(self) -> str:
        return f"enrolment {self.enrolment_id} answered {self.version_id}"


class ConsentQuerySet(models.QuerySet["Consent"]):
    def in_force(self) -> "ConsentQuerySet":
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """Agreement to one item, from when to when. Withdrawing ends it; agreeing again is a new row."""

    answer = models.ForeignKey(ConsentAnswer, on_delete=models.CASCADE, related_name="consents")
    item = models.ForeignKey(ConsentItem, on_delete=models.PROTECT, related_name="consents")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "item"], condition=Q(withdrawn_at=None), name="one_consent_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.answer} item {self.item_id}"
