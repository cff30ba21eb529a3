"""What every kind of question does: fields to type in, an answer to keep, cells and figures to show."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms

from campus.questionnaires.models import Question
from campus.ui.exports import Cell
from campus.ui.sentences import gap

# An answer as it is kept: JSON, and None where nothing was answered.
Answer = Any
Figures = dict[str, Any]


@dataclass(frozen=True)
class AnswerColumn:
    """A column of the results: its heading, and what it shows of an answer."""

    label: str
    cell: Callable[[Answer], Cell]
    is_number: bool = False


class Kind(ABC):
    """A kind of question. Instances hold nothing: each method is told the question."""

    template: ClassVar[str] = "questionnaires/kinds/field.html"

    @abstractmethod
    def fields(self, question: Question) -> dict[str, forms.Field]:
        """The fields to type in, by their suffix; the main one has the suffix ''."""

    @abstractmethod
    def read(self, question: Question, cleaned: dict[str, Any]) -> Answer:
        """The answer that the cleaned fields (by suffix) make, None for none.

        Raises ValidationError with a dict by suffix where the fields don't fit each other.
        """

    def columns(self, question: Question) -> list[AnswerColumn]:
        """How the answer stands in a table: most kinds have one column."""
        return [AnswerColumn(question.label, lambda answer: self.text(question, answer))]

    @abstractmethod
    def text(self, question: Question, answer: Answer) -> Cell:
        """The answer as one cell, in the reader's language."""

    def figures(self, question: Question, answers: Sequence[Answer]) -> Figures | None:
        """What a chart shows of all answers (its form: ``ui/static/ui/chart.js``); None for kinds without a chart."""
        return None

    def points(self, question: Question, answer: Answer) -> int:
        """Points that the answer earns."""
        return 0


def help_with(question: Question, rule: str) -> str:
    """What the organiser says below the question, and what the kind asks of an answer."""
    return gap().join(filter(None, [question.help, rule]))


def only(answer: Answer, kind: type | tuple[type, ...]) -> Any:
    """The answer where it is of this type; answers of an earlier version may be of another."""
    return answer if isinstance(answer, kind) else None
