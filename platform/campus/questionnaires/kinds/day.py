"""Dates. An answer: ``2026-11-23``."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campus.questionnaires.kinds.base import Answer, Kind
from campus.questionnaires.models import Question
from campus.ui.exports import Cell


class Day(Kind):
    """A day, chosen from the browser's calendar."""

    def fields(self, question: Question) -> dict[str, forms.Field]:
        field = forms.DateField(
            label=question.label,
            help_text=question.help,
            required=question.is_required,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": _("Enter a date, for example 2026-04-01.")},
        )
        return {"": field}

    def read(self, question: Question, cleaned: dict[str, Any]) -> Answer:
        day: date | None = cleaned[""]
        if day is not None and not 1900 <= day.year <= 2200:
            raise ValidationError({"": _("Please check the year.")})
        return day.isoformat() if day else None

    def text(self, question: Question, answer: Answer) -> Cell:
        return answer if isinstance(answer, str) else None
