"""Several things judged by the same choices, one row each. An answer: ``{"row key": "column key"}``."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.utils.translation import pgettext

from campus.questionnaires.kinds.base import Answer, AnswerColumn, Figures, Kind
from campus.questionnaires.kinds.choice import answered
from campus.questionnaires.models import Question
from campus.ui.exports import Cell


class Matrix(Kind):
    """A table of radio buttons; on a narrow screen a list of rows."""

    template = "questionnaires/kinds/matrix.html"

    def fields(self, question: Question) -> dict[str, forms.Field]:
        columns = list(question.choice_labels().items())
        return {
            key: forms.ChoiceField(
                label=label, required=question.is_required, choices=columns, widget=forms.RadioSelect
            )
            for key, label in question.row_labels().items()
        }

    def read(self, question: Question, cleaned: dict[str, Any]) -> Answer:
        return {key: value for key, value in cleaned.items() if value} or None

    def columns(self, question: Question) -> list[AnswerColumn]:
        labels = question.choice_labels()

        def cell_of(row: str) -> Callable[[Answer], Cell]:
            def cell(answer: Answer) -> Cell:
                chosen = answer.get(row) if isinstance(answer, dict) else None
                return None if chosen is None else str(labels.get(chosen, chosen))

            return cell

        return [
            AnswerColumn(f"{question.label}: {label}", cell_of(row)) for row, label in question.row_labels().items()
        ]

    def text(self, question: Question, answer: Answer) -> Cell:
        if not isinstance(answer, dict):
            return None
        labels = question.choice_labels()
        shown = ((label, answer.get(row)) for row, label in question.row_labels().items())
        return "; ".join(f"{label}: {labels.get(chosen, chosen)}" for label, chosen in shown if chosen)

    def figures(self, question: Question, answers: Sequence[Answer]) -> Figures:
        given = [answer for answer in answers if isinstance(answer, dict)]
        counts = Counter(pair for answer in given for pair in answer.items())
        rows = question.row_labels()
        return {
            "kind": "bar",
            "across": True,
            "stacked": True,
            "x": pgettext("figures", "Row"),
            "y": pgettext("figures", "People"),
            "labels": list(rows.values()),
            "series": [
                {"name": str(label), "values": [counts[row, column] for row in rows]}
                for column, label in question.choice_labels().items()
            ],
            "summary": answered(len(given)),
        }
