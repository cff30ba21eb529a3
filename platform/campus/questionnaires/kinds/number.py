"""Numbers, typed in any width of digits."""

import math
import unicodedata
from collections.abc import Sequence
from statistics import fmean, median
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from campus.questionnaires.kinds.base import Answer, AnswerColumn, Figures, Kind, help_with
from campus.questionnaires.kinds.choice import answered
from campus.questionnaires.models import Question
from campus.ui.exports import Cell

BINS = 10


class TypedNumber(forms.FloatField):
    """A number typed into a text field, so that what isn't one stays there; full-width digits and commas are read."""

    default_error_messages = {"invalid": gettext_lazy("Enter a number, for example 12.5.")}

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).replace(",", "")
        return super().to_python(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


def _tidy(bound: float | None) -> float | None:
    """The bound as one writes it: 40, not 40.0."""
    return int(bound) if bound is not None and bound == int(bound) else bound


def _limits(question: Question) -> str:
    """Which numbers are taken, said before anybody types one."""
    least, most = _tidy(question.minimum), _tidy(question.maximum)
    if least is not None and most is not None:
        return _("A number from %(least)s to %(most)s.") % {"least": least, "most": most}
    if most is not None:
        return _("A number up to %(most)s.") % {"most": most}
    return _("A number from %(least)s.") % {"least": least} if least is not None else ""


class Number(Kind):
    """A number between ``minimum`` and ``maximum``."""

    def fields(self, question: Question) -> dict[str, forms.Field]:
        field = TypedNumber(
            label=question.label,
            help_text=help_with(question, _limits(question)),
            required=question.is_required,
            min_value=_tidy(question.minimum),
            max_value=_tidy(question.maximum),
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )
        return {"": field}

    def read(self, question: Question, cleaned: dict[str, Any]) -> Answer:
        value = cleaned[""]
        return int(value) if value is not None and value == int(value) else value

    def columns(self, question: Question) -> list[AnswerColumn]:
        return [AnswerColumn(question.label, lambda answer: self.text(question, answer), is_number=True)]

    def text(self, question: Question, answer: Answer) -> Cell:
        return answer if isinstance(answer, int | float) else None

    def figures(self, question: Question, answers: Sequence[Answer]) -> Figures:
        given = sorted(answer for answer in answers if isinstance(answer, int | float))
        labels, counts = _histogram(given)
        summary = answered(len(given))
        if given:
            values = {"answers": summary, "mean": fmean(given), "median": median(given)}
            summary = _("%(answers)s, %(mean).4g on average, median %(median).4g") % values
        return {
            "kind": "bar",
            "x": pgettext("figures", "Value"),
            "y": pgettext("figures", "People"),
            "labels": labels,
            "series": [{"name": pgettext("figures", "People"), "values": counts}],
            "summary": summary,
        }


def _histogram(values: list[float]) -> tuple[list[str], list[int]]:
    """Labels and counts: each value of its own where there are few whole ones, else bins of equal, round width."""
    if not values:
        return [], []
    low, high = values[0], values[-1]
    if low == high:
        return [f"{low:.6g}"], [len(values)]
    if high - low <= BINS and all(value == int(value) for value in values):
        whole = range(int(low), int(high) + 1)
        return [str(value) for value in whole], [values.count(value) for value in whole]
    width = _round_width((high - low) / BINS)
    start = math.floor(low / width) * width
    counts = [0] * (math.floor((high - start) / width) + 1)
    for value in values:
        counts[min(math.floor((value - start) / width), len(counts) - 1)] += 1
    edges = [start + width * number for number in range(len(counts) + 1)]
    return [f"{edge:.6g}–{edges[number + 1]:.6g}" for number, edge in enumerate(edges[:-1])], counts


def _round_width(width: float) -> float:
    """The next width of the row 1, 2, 5, 10 … times a power of ten."""
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= width * (1 - 1e-9))
