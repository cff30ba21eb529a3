"""A whole number between two labelled ends."""

from collections import Counter
from collections.abc import Sequence
from statistics import fmean
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campus.questionnaires.kinds.base import Answer, AnswerColumn, Figures, Kind
from campus.questionnaires.kinds.choice import answered
from campus.questionnaires.models import Question
from campus.ui.exports import Cell

LOW, HIGH = 1, 5


class Scale(Kind):
    """Radio buttons in a row from ``minimum`` to ``maximum``."""

    template = "questionnaires/kinds/scale.html"

    def fields(self, question: Question) -> dict[str, forms.Field]:
        field = forms.TypedChoiceField(
            label=question.label,
            help_text=question.help,
            required=question.is_required,
            coerce=int,
            empty_value=None,
            choices=[(str(value), str(value)) for value in values_of(question)],
            widget=forms.RadioSelect,
        )
        return {"": field}

    def read(self, question: Question, cleaned: dict[str, Any]) -> Answer:
        return cleaned[""]

    def columns(self, question: Question) -> list[AnswerColumn]:
        return [AnswerColumn(question.label, lambda answer: self.text(question, answer), is_number=True)]

    def text(self, question: Question, answer: Answer) -> Cell:
        return answer if isinstance(answer, int) else None

    def figures(self, question: Question, answers: Sequence[Answer]) -> Figures:
        given = [answer for answer in answers if isinstance(answer, int)]
        counts, values = Counter(given), values_of(question)
        summary = answered(len(given))
        if given:
            summary = _("%(answers)s, %(mean).2f on average") % {"answers": summary, "mean": fmean(given)}
        return {
            "kind": "bar",
            "across": bool(question.low or question.high),
            "x": pgettext("figures", "Value"),
            "y": pgettext("figures", "People"),
            "labels": [end_label(question, value) for value in values],
            "series": [{"name": pgettext("figures", "People"), "values": [counts[value] for value in values]}],
            "summary": summary,
        }


def values_of(question: Question) -> range:
    """The values that can be chosen."""
    low = LOW if question.minimum is None else int(question.minimum)
    return range(low, (HIGH if question.maximum is None else int(question.maximum)) + 1)


def end_label(question: Question, value: int) -> str:
    """The value, with what it means at the ends."""
    values = values_of(question)
    label = question.low if value == values[0] else question.high if value == values[-1] else ""
    return f"{value} {label}".strip()
