"""Choosing one or several, with “Other” and a text of one's own where it is offered.

An answer: ``{"chosen": ["key", …], "other": "text"}``.
"""

from abc import abstractmethod
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from campus.questionnaires.kinds.base import Answer, AnswerColumn, Figures, Kind, help_with
from campus.questionnaires.kinds.text import Prose
from campus.questionnaires.models import OTHER, Question
from campus.ui.exports import Cell

OTHER_LONGEST = 200


class Choice(Kind):
    """What choosing one and choosing several share."""

    template = "questionnaires/kinds/choice.html"

    def fields(self, question: Question) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {"": self.chooser(question)}
        if question.has_other:
            fields["other"] = Prose(label=_("Other: please say what"), required=False, max_length=OTHER_LONGEST)
        return fields

    @abstractmethod
    def chooser(self, question: Question) -> forms.Field:
        """The field with the choices."""

    def read(self, question: Question, cleaned: dict[str, Any]) -> Answer:
        value = cleaned[""]
        chosen = list(value) if isinstance(value, list) else [value] if value else []
        if not chosen:
            return None
        other = cleaned.get("other", "") if OTHER in chosen else ""
        if OTHER in chosen and not other:
            raise ValidationError({"other": _("You chose “Other”. Please say what.")})
        return {"chosen": chosen, "other": other}

    def columns(self, question: Question) -> list[AnswerColumn]:
        labels = _labels(question)  # once for all answers
        return [AnswerColumn(question.label, lambda answer: _text(labels, answer))]

    def text(self, question: Question, answer: Answer) -> Cell:
        return _text(_labels(question), answer)

    def figures(self, question: Question, answers: Sequence[Answer]) -> Figures:
        given = [answer for answer in answers if isinstance(answer, dict)]
        counts = Counter(key for answer in given for key in answer.get("chosen", []))
        labels = question.choice_labels()
        return {
            "kind": "bar",
            "across": True,
            "x": pgettext("figures", "Choice"),
            "y": pgettext("figures", "People"),
            "labels": [str(label) for label in labels.values()],
            "series": [{"name": pgettext("figures", "People"), "values": [counts[key] for key in labels]}],
            "summary": answered(len(given)),
        }

    def points(self, question: Question, answer: Answer) -> int:
        """All or nothing: exactly the right choices."""
        right = question.correct_choices()
        return question.points if right and set((answer or {}).get("chosen", [])) == right else 0


class Single(Choice):
    """Choose one."""

    def chooser(self, question: Question) -> forms.Field:
        return forms.ChoiceField(
            label=question.label,
            help_text=question.help,
            required=question.is_required,
            choices=list(question.choice_labels().items()),
            widget=forms.RadioSelect,
        )


class Multiple(Choice):
    """Choose several; ``minimum`` and ``maximum`` bound how many."""

    def chooser(self, question: Question) -> forms.Field:
        return forms.MultipleChoiceField(
            label=question.label,
            help_text=help_with(question, _how_many(question)),
            required=question.is_required,
            choices=list(question.choice_labels().items()),
            widget=forms.CheckboxSelectMultiple,
        )

    def read(self, question: Question, cleaned: dict[str, Any]) -> Answer:
        count = len(cleaned[""])
        too_few = question.minimum and 0 < count < question.minimum
        if too_few or (question.maximum and count > question.maximum):
            raise ValidationError({"": _how_many(question)})
        return super().read(question, cleaned)


def _labels(question: Question) -> dict[str, str]:
    return {key: str(label) for key, label in question.choice_labels().items()}


def _text(labels: dict[str, str], answer: Answer) -> Cell:
    if not isinstance(answer, dict):
        return None
    shown = [labels.get(key, key) for key in answer.get("chosen", [])]
    if answer.get("other") and shown:
        shown[-1] = f"{shown[-1]}: {answer['other']}"
    return "; ".join(shown)


def _how_many(question: Question) -> str:
    low, high = int(question.minimum or 0), int(question.maximum or 0)
    if low and high:
        return _("Choose %(low)d to %(high)d.") % {"low": low, "high": high}
    if low:
        return ngettext("Choose at least %(count)d.", "Choose at least %(count)d.", low) % {"count": low}
    if high:
        return ngettext("Choose up to %(count)d.", "Choose up to %(count)d.", high) % {"count": high}
    return _("You can choose several.")


def answered(count: int) -> str:
    """How many people answered a question, for the summary of its chart."""
    return ngettext("%(count)d answer", "%(count)d answers", count) % {"count": count}
