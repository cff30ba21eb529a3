"""The figures of the chart on the history page: the own provisional scores over time beside the baselines."""

from itertools import accumulate
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from campus.cases.models import Step
from campus.cohorts.models import in_reader_language
from campus.submissions.board import baseline_rows
from campus.submissions.measures import Measure, measures_of
from campus.submissions.models import Owner
from campus.submissions.scores import History, histories


def history_chart(owner: Owner, *, step: Step) -> dict[str, Any]:
    """Figures as ``<campus-chart>`` draws them, of the ranking measure; provisional scores only."""
    found = histories(owner.filter, [step]).get(step.pk)
    return figures_of(found or History(step, measures_of(step.case_version)[0], []))


def figures_of(history: History) -> dict[str, Any]:
    """The same for scores that were read already."""
    measure, values = history.measure, history.values
    better = min if measure.lower_is_better else max
    return {
        "kind": "line",
        "x": _("Handed in"),
        "y": f"{measure.name} [{measure.unit_name}]" if measure.unit_name else measure.name,
        "labels": [date_format(timezone.localtime(at), "n/j H:i") for at, _value in history.scored],
        "series": [
            {"name": pgettext("graph", "Score"), "values": values},
            {"name": _("Best so far"), "values": list(accumulate(values, better))},
            *_baselines(history.step, measure, count=len(values)),
        ],
        "summary": _summary(history),
    }


def _baselines(step: Step, measure: Measure, *, count: int) -> list[dict[str, Any]]:
    return [
        {
            "name": in_reader_language(label["ja"], label["en"]),
            "values": [round(values[measure.key], measure.digits)] * count,
        }
        for label, values in baseline_rows(step=step, split="public")
    ]


def _summary(history: History) -> str:
    values = history.values
    if not values:
        return _("The curve begins with your first provisional score.")
    text = ngettext(
        "%(count)d scored submission, the best at %(best)s.",
        "%(count)d scored submissions, the best at %(best)s.",
        len(values),
    )
    return text % {"count": len(values), "best": history.measure.show(history.best)}
