"""The figures of the chart on the history page: the own provisional scores over time beside the baselines."""

from datetime import datetime
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
from campus.submissions.models import Owner, Score, Submission
from grader.contract import State

SHOWN_AT_MOST = 200


def history_chart(owner: Owner, *, step: Step) -> dict[str, Any]:
    """Figures as ``<campus-chart>`` draws them, of the ranking measure; provisional scores only."""
    measure = measures_of(step.case_version)[0]
    scored = _latest_scored(owner, step=step)
    values = [_value(primary, measure) for _at, primary in scored]
    better = min if measure.lower_is_better else max
    return {
        "kind": "line",
        "x": _("Handed in"),
        "y": f"{measure.name} [{measure.unit_name}]" if measure.unit_name else measure.name,
        "labels": [date_format(timezone.localtime(at), "n/j H:i") for at, _primary in scored],
        "series": [
            {"name": pgettext("graph", "Score"), "values": values},
            {"name": _("Best so far"), "values": list(accumulate(values, better))},
            *_baselines(step, measure, count=len(values)),
        ],
        "summary": _summary(values, better=better, measure=measure),
    }


def _latest_scored(owner: Owner, *, step: Step) -> list[tuple[datetime, float]]:
    """When and how well: the latest scored submissions, oldest first."""
    version = step.case_version
    scored = Submission.objects.of_owner(owner).filter(
        step=step,
        grading__state=State.SCORED,
        grading__prediction__scores__split=Score.Split.PUBLIC,
        grading__prediction__scores__metric_version=version.metric_version,
        grading__prediction__scores__truth_version=version.truth_digest,
    )
    latest = scored.order_by("-created_at", "-pk")
    return list(reversed(latest.values_list("created_at", "grading__prediction__scores__sort_primary")[:SHOWN_AT_MOST]))


def _value(primary: float, measure: Measure) -> float:
    """The score that a sort key stands for."""
    return primary if measure.lower_is_better else 0.0 - primary


def _baselines(step: Step, measure: Measure, *, count: int) -> list[dict[str, Any]]:
    return [
        {
            "name": in_reader_language(label["ja"], label["en"]),
            "values": [round(values[measure.key], measure.digits)] * count,
        }
        for label, values in baseline_rows(step=step, split="public")
    ]


def _summary(values: list[float], *, better: Any, measure: Measure) -> str:
    if not values:
        return ""
    text = ngettext(
        "%(count)d scored submission, the best with %(best)s.",
        "%(count)d scored submissions, the best with %(best)s.",
        len(values),
    )
    return text % {"count": len(values), "best": measure.show(better(values))}
