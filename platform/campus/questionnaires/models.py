"""Forms that organisers make, version by version, and what people answered.

A ``Questionnaire`` is what people call a form (the word ``form`` is Django's). Its questions belong to a version, and
a published version never changes; answers stay with the version they were given to.
"""

import secrets
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import Cohort, Titled, in_reader_language

# Answers to an anonymous form are shown in groups of this many, so that none can be told from the others.
ANONYMOUS_GROUP = 5
OTHER = "_other"


class Purpose(models.TextChoices):
    APPLICATION = "application", _("Application form")
    PREREQUISITE = "prerequisite", _("Prerequisite check")
    SELF_RATING = "self_rating", _("Self-rating of skills")
    SATISFACTION = "satisfaction", _("Satisfaction survey")
    FOLLOW_UP = "follow_up", _("Follow-up survey")
    OTHER = "other", pgettext_lazy("purpose of a form", "Other")

    @property
    def is_before_enrolment(self) -> bool:
        """Whether everybody with an account may answer: applicants are in no cohort yet."""
        return self in {Purpose.APPLICATION, Purpose.PREREQUISITE}


class FormState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("form", "Draft")
    PLANNED = "planned", pgettext_lazy("form", "Opens later")
    OPEN = "open", pgettext_lazy("form", "Open")
    CLOSED = "closed", pgettext_lazy("form", "Closed")


class Questionnaire(Titled):
    """A form of a cohort. Without a deadline it stays open; as a step of a case it follows the step's dates."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="questionnaires")
    purpose = models.CharField(pgettext_lazy("form", "Purpose"), max_length=20, choices=Purpose, default=Purpose.OTHER)
    opens_at = models.DateTimeField(pgettext_lazy("form", "Opens"), null=True, blank=True)
    closes_at = models.DateTimeField(pgettext_lazy("form", "Deadline"), null=True, blank=True)
    is_anonymous = models.BooleanField(pgettext_lazy("form", "Anonymous"), default=False)
    facilitators_see_results = models.BooleanField(_("Facilitators see the answers of their classes"), default=False)
    shows_score = models.BooleanField(_("Show the score to the respondent"), default=False)
    copied_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, editable=False, related_name="copies")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=models.F("opens_at")),
                name="questionnaire_closes_after_opening",
            )
        ]
        indexes = [models.Index(fields=["cohort", "purpose"])]

    @property
    def published(self) -> "Version | None":
        """The version that people answer now."""
        published = [version for version in self._known_versions if version.published_at]
        return published[-1] if published else None

    @property
    def draft(self) -> "Version | None":
        """The version that the organiser is working on."""
        return next((version for version in self._known_versions if version.published_at is None), None)

    @cached_property
    def _known_versions(self) -> "list[Version]":
        """Read once, from what was prefetched where a list of forms is shown."""
        versions = list(self.versions.all())
        for version in versions:
            version.questionnaire = self
        return versions

    @property
    def state(self) -> FormState:
        now = timezone.now()
        if self.published is None:
            return FormState.DRAFT
        if self.closes_at and self.closes_at <= now:
            return FormState.CLOSED
        return FormState.PLANNED if self.opens_at and self.opens_at > now else FormState.OPEN

    @property
    def is_open(self) -> bool:
        return self.state == FormState.OPEN

    @property
    def is_changeable(self) -> bool:
        """Whether people may change what they submitted: not where nobody knows whose it is, or the score was shown."""
        return not self.is_anonymous and not self.shows_score


class Version(models.Model):
    """The questions as they were published together; without ``published_at`` it is the organiser's draft."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    introduction_ja = models.TextField(pgettext_lazy("form", "Introduction (Japanese)"), blank=True, max_length=4000)
    introduction_en = models.TextField(pgettext_lazy("form", "Introduction (English)"), blank=True, max_length=4000)
    passing_mark = models.PositiveSmallIntegerField(
        _("Passing mark"),
        null=True,
        blank=True,
        help_text=_("Points needed to pass. Leave empty if there is no passing mark."),
    )
    published_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="version_number_unique"),
            models.UniqueConstraint(
                fields=["questionnaire"], condition=Q(published_at=None), name="one_draft_per_questionnaire"
            ),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.questionnaire} {self.number}"

    @property
    def introduction(self) -> str:
        return in_reader_language(self.introduction_ja, self.introduction_en)

    @cached_property
    def parts(self) -> "list[Section]":
        """The sections with their questions, in two queries."""
        return list(self.sections.prefetch_related("questions"))

    @cached_property
    def all_questions(self) -> "list[Question]":
        """The questions in the order in which they are asked."""
        return [question for section in self.parts for question in section.questions.all()]

    @property
    def full_score(self) -> int:
        """Points of somebody who has everything right."""
        return sum(question.points for question in self.all_questions)


class Section(models.Model):
    """Questions that stand under one heading; the heading of the first one is often empty."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    title_ja = models.CharField(_("Heading (Japanese)"), max_length=200, blank=True)
    title_en = models.CharField(_("Heading (English)"), max_length=200, blank=True)
    text_ja = models.TextField(pgettext_lazy("section", "Text (Japanese)"), blank=True, max_length=2000)
    text_en = models.TextField(pgettext_lazy("section", "Text (English)"), blank=True, max_length=2000)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_reader_language(self.title_ja, self.title_en)

    @property
    def text(self) -> str:
        return in_reader_language(self.text_ja, self.text_en)


class QuestionKind(models.TextChoices):
    """What kind of answer a question takes; what each does is in ``kinds/``."""

    SHORT_TEXT = "short_text", _("Short text")
    LONG_TEXT = "long_text", _("Long text")
    SINGLE = "single", _("Choose one")
    MULTIPLE = "multiple", _("Choose several")
    SCALE = "scale", pgettext_lazy("kind of question", "Scale")
    MATRIX = "matrix", pgettext_lazy("kind of question", "Matrix")
    NUMBER = "number", pgettext_lazy("kind of question", "Number")
    DATE = "date", pgettext_lazy("kind of question", "Date")
    FILE = "file", pgettext_lazy("kind of question", "File")

    @property
    def has_choices(self) -> bool:
        return self in {QuestionKind.SINGLE, QuestionKind.MULTIPLE}

    @property
    def is_text(self) -> bool:
        return self in {QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT}


def new_key() -> str:
    """A name for a question or a choice that stays the same in later versions."""
    return secrets.token_hex(4)


class Question(models.Model):
    """One question of a version.

    choices: ``[{"key", "ja", "en", "is_correct"}]``, what can be chosen; of a matrix its columns.
    rows: ``[{"key", "ja", "en"}]`` of a matrix.
    minimum, maximum: of a text its length, of a number or scale its bounds, of several choices how many.
    """

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=40, default=new_key, editable=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=QuestionKind)
    label_ja = models.CharField(_("Question (Japanese)"), max_length=500)
    label_en = models.CharField(_("Question (English)"), max_length=500, blank=True)
    help_ja = models.CharField(_("Note (Japanese)"), max_length=500, blank=True)
    help_en = models.CharField(_("Note (English)"), max_length=500, blank=True)
    is_required = models.BooleanField(_("An answer is required"), default=False)
    choices = models.JSONField(default=list, blank=True)
    rows = models.JSONField(default=list, blank=True)
    has_other = models.BooleanField(_("Offer “Other” with a text field"), default=False)
    minimum = models.FloatField(null=True, blank=True)
    maximum = models.FloatField(null=True, blank=True)
    low_ja = models.CharField(_("Label of the low end (Japanese)"), max_length=80, blank=True)
    low_en = models.CharField(_("Label of the low end (English)"), max_length=80, blank=True)
    high_ja = models.CharField(_("Label of the high end (Japanese)"), max_length=80, blank=True)
    high_en = models.CharField(_("Label of the high end (English)"), max_length=80, blank=True)
    points = models.PositiveSmallIntegerField(
        pgettext_lazy("question", "Points"),
        default=0,
        help_text=_("For the right answer. Enter 0 if the question isn’t scored."),
    )
    shown_when_question = models.SlugField(max_length=40, blank=True)
    shown_when_choices = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_reader_language(self.label_ja, self.label_en)

    @property
    def help(self) -> str:
        return in_reader_language(self.help_ja, self.help_en)

    @property
    def low(self) -> str:
        return in_reader_language(self.low_ja, self.low_en)

    @property
    def high(self) -> str:
        return in_reader_language(self.high_ja, self.high_en)

    @property
    def is_conditional(self) -> bool:
        return bool(self.shown_when_question)

    def choice_labels(self) -> dict[str, str | Promise]:
        """Key and label of each choice, in the reader's language; “Other” last where it is offered."""
        labels: dict[str, str | Promise] = labels_of(self.choices)
        return labels | {OTHER: pgettext_lazy("choice", "Other")} if self.has_other else labels

    def row_labels(self) -> dict[str, str]:
        return labels_of(self.rows)

    def correct_choices(self) -> set[str]:
        return {choice["key"] for choice in self.choices if choice.get("is_correct")}


def labels_of(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Labels by key, in the reader's language."""
    return {entry["key"]: in_reader_language(entry["ja"], entry.get("en", "")) for entry in entries}


class Response(models.Model):
    """What a person does with a form: at most one of each.

    draft: what was typed, as a browser sends it, right or wrong: ``{field name: [text, …]}``.
    submitted_at: the first time, which counts for deadlines; last_submitted_at: of the answers in force.
    """

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="responses")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="responses")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="responses")
    draft = models.JSONField(default=dict)
    started_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by_page = models.CharField(
        max_length=32, blank=True, default="", editable=False, help_text="The open page that saved last."
    )
    submitted_at = models.DateTimeField(null=True)
    last_submitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "person"], name="one_response_per_person"),
        ]
        indexes = [models.Index(fields=["questionnaire", "submitted_at"])]

    def __str__(self) -> str:
        return f"response {self.pk}"

    @property
    def is_submitted(self) -> bool:
        return self.submitted_at is not None

    @property
    def stamp(self) -> str:
        """Tells what was saved from what is saved next."""
        return self.saved_at.isoformat()

    @property
    def has_unsent_changes(self) -> bool:
        """Whether something was typed after the latest submission."""
        return self.last_submitted_at is not None and self.saved_at > self.last_submitted_at


class AnswerSetQuerySet(models.QuerySet["AnswerSet"]):
    def in_force(self, questionnaire: Questionnaire) -> "AnswerSetQuerySet":
        """The latest answers of everybody; of an anonymous form only the full groups."""
        return self.filter(version__questionnaire=questionnaire, is_current=True, is_held_back=False)


class AnswerSet(models.Model):
    """The answers of one submission, by the keys of the questions; never changed, a later one takes its place.

    Answers to an anonymous form have neither response nor time: nothing leads from them to the person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="answer_sets")
    response = models.ForeignKey(Response, on_delete=models.CASCADE, null=True, related_name="answer_sets")
    answers = models.JSONField(default=dict)
    score = models.PositiveSmallIntegerField(null=True)
    submitted_at = models.DateTimeField(null=True)
    is_current = models.BooleanField(default=True)
    is_held_back = models.BooleanField(default=False, help_text="Anonymous, and its group of five is not full yet.")

    objects = AnswerSetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["response"], condition=Q(is_current=True), name="one_current_answer_set_per_response"
            ),
            models.CheckConstraint(
                condition=Q(response=None, submitted_at=None) | Q(response__isnull=False, submitted_at__isnull=False),
                name="anonymous_answers_have_no_time",
            ),
        ]
        indexes = [models.Index(fields=["version", "is_current"])]

    def __str__(self) -> str:
        return f"answers {self.pk}"

    @property
    def has_passed(self) -> bool | None:
        """None where nothing is scored or no mark is set."""
        if self.score is None or self.version.passing_mark is None:
            return None
        return self.score >= self.version.passing_mark


class AnswerFile(models.Model):
    """A file that a person added to a form; kept by the digest of its content, served to its owner and organisers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="files")
    question_key = models.SlugField(max_length=40)
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="unused", max_length=200, help_text="Content-addressed: see ui.files")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
