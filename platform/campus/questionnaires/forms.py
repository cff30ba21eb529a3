"""The organiser's forms: settings, sections, questions with their choices, copying."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from campus.cohorts.models import Cohort
from campus.questionnaires.blueprints import blueprints
from campus.questionnaires.kinds.attachment import LARGEST_MB
from campus.questionnaires.kinds.scale import HIGH, LOW
from campus.questionnaires.models import Question, QuestionKind, Questionnaire, Section, Version, new_key

ENTRIES_AT_MOST = 60
SCALE_STEPS_AT_MOST = 11


class MomentInput(forms.DateTimeInput):
    """A day and a time, in the reader's own zone."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class NewForm(forms.Form):
    """Which blueprint to begin with."""

    blueprint = forms.ChoiceField(label=gettext_lazy("Start from"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [
            (one.key, _("%(title)s: %(about)s") % {"title": one.title, "about": one.about}) for one in blueprints()
        ]
        self.fields["blueprint"].choices = offered  # type: ignore[attr-defined]


class SettingsForm(forms.ModelForm):
    """Title, purpose, dates and the rules for answers."""

    class Meta:
        model = Questionnaire
        fields = [
            "title_ja",
            "title_en",
            "purpose",
            "opens_at",
            "closes_at",
            "is_anonymous",
            "facilitators_see_results",
            "shows_score",
        ]
        widgets = {"opens_at": MomentInput(), "closes_at": MomentInput()}
        help_texts = {
            "purpose": gettext_lazy(
                "Application forms and prerequisite checks are open to everybody with an account. All other forms are "
                "open to the cohort’s learners and alumni."
            ),
            "opens_at": gettext_lazy("Leave empty to open as soon as the form is published."),
            "closes_at": gettext_lazy("Leave empty for no deadline. A form in a step follows the step’s dates."),
            "is_anonymous": gettext_lazy(
                "Answers are stored without name, account or time, and you see them in groups of at least five. "
                "Respondents can’t change them afterwards. You can’t turn this on or off once somebody has begun to "
                "answer."
            ),
            "facilitators_see_results": gettext_lazy("Not for anonymous forms."),
            "shows_score": gettext_lazy("Answers to a form that shows the score can’t be changed after submitting."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens_at, closes_at = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens_at and closes_at and closes_at <= opens_at:
            self.add_error("closes_at", _("The deadline must be after the opening."))
        if cleaned.get("is_anonymous") and cleaned.get("facilitators_see_results"):
            self.add_error("facilitators_see_results", _("Facilitators can’t see answers to an anonymous form."))
        return cleaned


class VersionForm(forms.ModelForm):
    """What stands above the questions, and the passing mark."""

    class Meta:
        model = Version
        fields = ["introduction_ja", "introduction_en", "passing_mark"]


class SectionForm(forms.ModelForm):
    """Heading and text of a section."""

    class Meta:
        model = Section
        fields = ["title_ja", "title_en", "text_ja", "text_en"]
        help_texts = {"title_ja": gettext_lazy("Can be left empty.")}


class EntryForm(forms.Form):
    """A choice, or a row of a matrix, in both languages; an empty one is left out."""

    key = forms.SlugField(required=False, widget=forms.HiddenInput)
    ja = forms.CharField(label=gettext_lazy("Japanese"), required=False, max_length=200)
    en = forms.CharField(label=gettext_lazy("English"), required=False, max_length=200)
    is_correct = forms.BooleanField(label=pgettext_lazy("choice", "Right"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("en") and not cleaned.get("ja"):
            self.add_error("ja", _("The Japanese text is missing."))
        return cleaned


class EntrySet(BaseFormSet):
    """All choices or all rows of a question, in the order of their numbers."""

    def entries(self) -> list[dict[str, Any]]:
        """As a question keeps them; a known one keeps its key, so that earlier answers stay with it."""
        filled = [form.cleaned_data for form in self.forms if form.cleaned_data.get("ja")]
        filled.sort(key=lambda entry: (entry.get("ORDER") is None, entry.get("ORDER") or 0))
        known = {form.initial["key"] for form in self.forms if form.initial.get("key")}
        return [
            {
                "key": entry["key"] if entry["key"] in known else new_key(),
                "ja": entry["ja"],
                "en": entry["en"],
                "is_correct": entry["is_correct"],
            }
            for entry in filled
        ]


EntryFormSet = forms.formset_factory(
    EntryForm, formset=EntrySet, extra=4, can_order=True, max_num=ENTRIES_AT_MOST, absolute_max=ENTRIES_AT_MOST * 2
)

COMMON = ["label_ja", "label_en", "help_ja", "help_en", "is_required"]
ENDS = ["low_ja", "low_en", "high_ja", "high_en"]
# What each kind asks the organiser besides; with the labels of its bounds.
FIELDS: dict[QuestionKind, list[str]] = {
    QuestionKind.SHORT_TEXT: ["minimum", "maximum"],
    QuestionKind.LONG_TEXT: ["minimum", "maximum"],
    QuestionKind.SINGLE: ["has_other", "points"],
    QuestionKind.MULTIPLE: ["has_other", "points", "minimum", "maximum"],
    QuestionKind.SCALE: ["minimum", "maximum", *ENDS],
    QuestionKind.MATRIX: [],
    QuestionKind.NUMBER: ["minimum", "maximum"],
    QuestionKind.DATE: [],
    QuestionKind.FILE: ["maximum"],
}
BOUNDS: dict[QuestionKind, tuple[Any, Any]] = {
    QuestionKind.SHORT_TEXT: (gettext_lazy("Minimum characters"), gettext_lazy("Maximum characters")),
    QuestionKind.LONG_TEXT: (gettext_lazy("Minimum characters"), gettext_lazy("Maximum characters")),
    QuestionKind.MULTIPLE: (gettext_lazy("Minimum choices"), gettext_lazy("Maximum choices")),
    QuestionKind.SCALE: (gettext_lazy("Lowest value"), gettext_lazy("Highest value")),
    QuestionKind.NUMBER: (gettext_lazy("Smallest number"), gettext_lazy("Largest number")),
    QuestionKind.FILE: ("", gettext_lazy("Largest size in MB")),
}


class QuestionForm(forms.ModelForm):
    """A question of one kind, with the choices and rows that it needs."""

    shown_when = forms.MultipleChoiceField(
        label=gettext_lazy("Ask only those who chose"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Choices of one earlier question. Choose nothing to ask everybody."),
    )

    class Meta:
        model = Question
        fields = [*COMMON, "has_other", "points", "minimum", "maximum", *ENDS]

    def __init__(self, data: Any = None, *, instance: Question) -> None:
        self.kind = QuestionKind(instance.kind)
        super().__init__(data, instance=instance)
        self._keep_fields_of_kind()
        self._offer_conditions()
        with_choices = self.kind.has_choices or self.kind == QuestionKind.MATRIX
        self.choices = _entries(data, instance.choices, "choices") if with_choices else None
        self.rows = _entries(data, instance.rows, "rows") if self.kind == QuestionKind.MATRIX else None

    def _keep_fields_of_kind(self) -> None:
        for name in set(self.fields) - {*COMMON, *FIELDS[self.kind], "shown_when"}:
            del self.fields[name]
        labels = BOUNDS.get(self.kind, ("", ""))
        for name, label in zip(("minimum", "maximum"), labels, strict=True):
            if name in self.fields:
                self.fields[name].label = label
                self.fields[name].widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def _offer_conditions(self) -> None:
        earlier = _asked_before(self.instance)
        offered = [
            (one.label, [(f"{one.key}:{key}", label) for key, label in one.choice_labels().items()]) for one in earlier
        ]
        if not offered:
            del self.fields["shown_when"]
            return
        self.fields["shown_when"].choices = offered  # type: ignore[attr-defined]
        asked = self.instance.shown_when_question
        self.fields["shown_when"].initial = [f"{asked}:{key}" for key in self.instance.shown_when_choices]

    @property
    def entry_sets(self) -> list[tuple[str, EntrySet]]:
        """Caption and fields of the choices and rows, for the template."""
        is_matrix = self.kind == QuestionKind.MATRIX
        columns = pgettext("question", "Columns") if is_matrix else pgettext("question", "Choices")
        sets = [(pgettext("question", "Rows"), self.rows), (columns, self.choices)]
        return [(caption, one) for caption, one in sets if one is not None]

    def is_valid(self) -> bool:
        """The question and each of its choices and rows."""
        return all([super().is_valid(), *(one.is_valid() for _caption, one in self.entry_sets)])

    def clean_shown_when(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["shown_when"]
        if len({one.partition(":")[0] for one in chosen}) > 1:
            raise ValidationError(_("Select choices from one question only."))
        return chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        low, high = cleaned.get("minimum"), cleaned.get("maximum")
        if low is not None and high is not None and low > high:
            self.add_error("maximum", _("The upper limit can’t be below the lower one."))
        if self.kind == QuestionKind.SCALE:
            self._check_scale(low, high)
        elif self.kind == QuestionKind.FILE and high is not None and not 0 < high <= LARGEST_MB:
            self.add_error("maximum", _("Files can be up to %(most)d MB.") % {"most": LARGEST_MB})
        return cleaned

    def _check_scale(self, low: float | None, high: float | None) -> None:
        low, high = LOW if low is None else low, HIGH if high is None else high
        if low != int(low) or high != int(high):
            self.add_error("minimum", _("Both ends must be whole numbers."))
        elif not 1 <= high - low < SCALE_STEPS_AT_MOST:
            text = _("A scale can have 2 to %(most)d values.")
            self.add_error("maximum", text % {"most": SCALE_STEPS_AT_MOST})

    def question(self) -> Question:
        """The question with what was entered; of a valid form."""
        question: Question = self.save(commit=False)
        chosen = self.cleaned_data.get("shown_when", [])
        question.shown_when_question = chosen[0].partition(":")[0] if chosen else ""
        question.shown_when_choices = [one.partition(":")[2] for one in chosen]
        if self.choices is not None:
            question.choices = self.choices.entries()
        if self.rows is not None:
            question.rows = self.rows.entries()
        return question


def _entries(data: Any, entries: list[dict[str, Any]], prefix: str) -> EntrySet:
    return cast(EntrySet, EntryFormSet(data, initial=entries, prefix=prefix))


def _asked_before(question: Question) -> list[Question]:
    """Questions with choices that stand before this one; a new one comes at the end of its section."""
    found: list[Question] = []
    for section in question.section.version.parts:
        for one in section.questions.all():
            if one.pk is not None and one.pk == question.pk:
                return found
            if QuestionKind(one.kind).has_choices:
                found.append(one)
        if question.pk is None and section == question.section:
            return found
    return found


class CopyForm(forms.Form):
    """Into which cohort a form is copied."""

    cohort = forms.ModelChoiceField(
        label=pgettext_lazy("copy", "Into the cohort"), queryset=Cohort.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, cohorts: QuerySet[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = cohorts  # type: ignore[attr-defined]
