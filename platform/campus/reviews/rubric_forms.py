"""The form by which an organiser changes weights and words of a rubric; levels and their points stay."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cases.models import Step
from campus.cases.rubrics import Criterion, criteria_of, criteria_of_case
from campus.reviews.models import RubricChange
from campus.reviews.rubrics import said

MOST_WEIGHT = 5
LONGEST_LABEL, LONGEST_TEXT = 100, 600
LANGUAGES = (("ja", _("Japanese")), ("en", _("English")))


@dataclass(frozen=True)
class Part:
    """The fields of one criterion."""

    key: str
    name: str
    weight: BoundField
    words: list[BoundField]

    @property
    def has_errors(self) -> bool:
        return any(field.errors for field in self.words)


class RubricChangeForm(forms.ModelForm):
    """Begins with the draft, or with what holds now."""

    class Meta:
        model = RubricChange
        fields = ("reason",)
        error_messages = {"reason": {"required": _("Enter a reason. It is shown to everybody affected by the change.")}}

    def __init__(self, data: Any = None, *, step: Step, draft: RubricChange | None) -> None:
        super().__init__(data, instance=draft)
        self.step = step
        self.shown = criteria_of(_tried(step, draft) if draft else step)
        self.names: dict[str, list[str]] = {}
        for criterion in self.shown:
            found = dict(_fields(criterion))
            self.fields |= found
            self.names[criterion["key"]] = list(found)
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    @property
    def parts(self) -> list[Part]:
        drawn = {key: [self[name] for name in names] for key, names in self.names.items()}
        return [Part(one["key"], said(one["label"]), drawn[one["key"]][0], drawn[one["key"]][1:]) for one in self.shown]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        weights = [cleaned.get(f"weight-{one['key']}") for one in self.shown]
        if not any(weights) and None not in weights:
            self.add_error(None, _("Give at least one criterion a weight of 1 or more."))
        elif not self.errors and self.changes() == self.step.rubric_changes:
            self.add_error(None, _("Nothing has been changed yet. Change a weight or a text first."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        """What differs from the case, by criterion."""
        found = {one["key"]: self._changed(one) for one in criteria_of_case(self.step)}
        return {key: change for key, change in found.items() if change}

    def _changed(self, criterion: Criterion) -> dict[str, Any]:
        key, cleaned, change = criterion["key"], self.cleaned_data, dict[str, Any]()
        if cleaned[f"weight-{key}"] != criterion.get("weight", 1):
            change["weight"] = cleaned[f"weight-{key}"]
        for name in ("label", "description"):
            if (typed := self._typed(key, name)) != _both(criterion[name]):
                change[name] = typed
        levels = {
            str(one["points"]): (self._typed(key, str(one["points"])), _both(one["text"]))
            for one in criterion["levels"]
        }
        if words := {points: typed for points, (typed, now) in levels.items() if typed != now}:
            change["levels"] = words
        return change

    def _typed(self, key: str, name: str) -> dict[str, str]:
        return {language: self.cleaned_data[f"words-{key}-{name}-{language}"] for language, _label in LANGUAGES}


def _tried(step: Step, draft: RubricChange) -> Step:
    return Step(cohort_case=step.cohort_case, key=step.key, rubric_changes=draft.criteria)


def _both(text: dict[str, str]) -> dict[str, str]:
    return {language: text.get(language, "") for language, _label in LANGUAGES}


def _fields(criterion: Criterion) -> Iterator[tuple[str, forms.Field]]:
    """Of one criterion, filled with what it has: the weight first, then its words."""
    key = criterion["key"]
    yield (
        f"weight-{key}",
        forms.IntegerField(
            label=pgettext_lazy("rubric", "Weight"),
            min_value=0,
            max_value=MOST_WEIGHT,
            initial=criterion.get("weight", 1),
            help_text=_(
                "1 is the usual weight, 2 counts twice. With 0, reviewers comment on it, but it doesn’t count."
            ),
        ),
    )
    yield from _texts(f"words-{key}-label", pgettext_lazy("rubric", "Name"), criterion["label"], LONGEST_LABEL)
    yield from _texts(f"words-{key}-description", _("Description"), criterion["description"], LONGEST_TEXT)
    for level in criterion["levels"]:
        label = _("Level with %(points)s points") % {"points": level["points"]}
        yield from _texts(f"words-{key}-{level['points']}", label, level["text"], LONGEST_TEXT)


def _texts(name: str, label: Any, text: dict[str, str], longest: int) -> Iterator[tuple[str, forms.Field]]:
    for language, language_name in LANGUAGES:
        yield (
            f"{name}-{language}",
            forms.CharField(
                label=f"{label} ({language_name})",
                initial=text.get(language, ""),
                max_length=longest,
                required=language == "ja",
                widget=forms.TextInput
                if longest == LONGEST_LABEL
                else forms.Textarea(attrs={"rows": 2, "lang": language}),
            ),
        )
