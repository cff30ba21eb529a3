"""The kinds of questions: one class and one registration each."""

from django import forms

from campus.questionnaires.kinds.attachment import Attachment
from campus.questionnaires.kinds.base import Answer, AnswerColumn, Figures, Kind
from campus.questionnaires.kinds.choice import Multiple, Single
from campus.questionnaires.kinds.day import Day
from campus.questionnaires.kinds.matrix import Matrix
from campus.questionnaires.kinds.number import Number
from campus.questionnaires.kinds.scale import Scale
from campus.questionnaires.kinds.text import Text
from campus.questionnaires.models import Question, QuestionKind

__all__ = ["KINDS", "Answer", "AnswerColumn", "Figures", "Kind", "kind_of"]

KINDS: dict[QuestionKind, Kind] = {
    QuestionKind.SHORT_TEXT: Text(longest=300, widget=forms.TextInput),
    QuestionKind.LONG_TEXT: Text(longest=10_000, widget=forms.Textarea),
    QuestionKind.SINGLE: Single(),
    QuestionKind.MULTIPLE: Multiple(),
    QuestionKind.SCALE: Scale(),
    QuestionKind.MATRIX: Matrix(),
    QuestionKind.NUMBER: Number(),
    QuestionKind.DATE: Day(),
    QuestionKind.FILE: Attachment(),
}


def kind_of(question: Question) -> Kind:
    """What the question's kind does."""
    return KINDS[QuestionKind(question.kind)]
