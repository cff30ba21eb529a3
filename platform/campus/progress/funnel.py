"""How many come how far: the cohort as a funnel, and its classes side by side."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campus.cases.models import Step
from campus.cohorts.models import Enrolment, EnrolmentState
from campus.progress.concerns import Concern
from campus.progress.models import Thresholds
from campus.progress.queries import BEGUN, Line, Progress
from campus.progress.states import HANDED_IN, StepState


@dataclass(frozen=True)
class Stage:
    """How many learners came at least so far; shares in per cent of those who began and of the stage before."""

    label: str | Promise
    count: int
    of_begun: float | None
    of_previous: float | None


def funnel_of(progress: Progress, learners: QuerySet[Enrolment], *, with_intake: bool) -> list[Stage]:
    """From application to completion. ``with_intake``: also those who have not begun, whom only organisers see."""
    states: Counter[str] = Counter(dict(learners.order_by().values_list("state").annotate(Count("pk"))))
    begun = sum(states[state] for state in BEGUN)
    counts: list[tuple[str, int]] = []
    if with_intake:
        selected = begun + states[EnrolmentState.SELECTED]
        counts.append((pgettext("funnel", "Applied"), selected + states[EnrolmentState.APPLIED]))
        counts.append((pgettext("funnel", "Selected"), selected))
    counts.append((pgettext("funnel", "Began"), begun))
    counts.append((pgettext("funnel", "Signed in"), sum(line.seen_at is not None for line in progress.lines)))
    counts += _steps(progress)
    counts.append((pgettext("funnel", "Completed"), states[EnrolmentState.COMPLETED]))
    previous = [None, *(count for _label, count in counts)]
    return [
        Stage(label, count, _share(count, begun), _share(count, before))
        for (label, count), before in zip(counts, previous, strict=False)
    ]


def _share(count: int, whole: int | None) -> float | None:
    return 100 * count / whole if whole else None


def _steps(progress: Progress) -> list[tuple[str, int]]:
    """Who handed in the first, second … step of a case; in a cohort with several cases by number."""
    by_position: dict[int, list[tuple[int, Step]]] = defaultdict(list)
    for i, step in enumerate(progress.steps):
        by_position[step.position].append((i, step))
    return [
        (_named(steps), _handed_in(progress.lines, [i for i, _step in steps]))
        for _position, steps in sorted(by_position.items())
    ]


def _named(steps: list[tuple[int, Step]]) -> str:
    titles = {step.title for _i, step in steps}
    if len(titles) == 1:
        return titles.pop()
    return _("Step %(number)d") % {"number": steps[0][1].position}


def _handed_in(lines: Iterable[Line], columns: Collection[int]) -> int:
    """Who handed in any of these steps."""
    return len({line.pk for i in columns for line in lines if line.cells[i].state in HANDED_IN})


def figures_of(stages: list[Stage]) -> dict[str, Any]:
    """The funnel for ``<campus-chart>``."""
    return {
        "kind": "bar",
        "x": pgettext("funnel", "Stage"),
        "y": _("Learners"),
        "labels": [str(stage.label) for stage in stages],
        "series": [{"name": _("Learners"), "values": [stage.count for stage in stages]}],
        "summary": _("From %(first)d to %(last)d learners.") % {"first": stages[0].count, "last": stages[-1].count},
    }


@dataclass(frozen=True)
class ClassRow:
    """A class beside the others; shares in per cent."""

    name: str
    class_id: int | None
    learners: int
    seen_lately: float
    steps: list[float | None]
    to_follow: int


def classes_in(progress: Progress, concerns: list[Concern], thresholds: Thresholds) -> list[ClassRow]:
    """The classes of the learners who take part now, those without a class last."""
    by_class: dict[tuple[str, int | None], list[Line]] = defaultdict(list)
    for line in progress.lines:
        if line.state.takes_part:
            by_class[line.class_name, line.class_id].append(line)
    to_follow = Counter(concern.line.class_id for concern in concerns if not concern.is_quiet)
    since = progress.now - timedelta(days=thresholds.silent_days)
    return [
        ClassRow(
            name=name,
            class_id=class_id,
            learners=len(lines),
            seen_lately=100 * sum(line.seen_at is not None and line.seen_at > since for line in lines) / len(lines),
            steps=[_share_handed_in(lines, i) for i in range(len(progress.steps))],
            to_follow=to_follow[class_id],
        )
        for (name, class_id), lines in sorted(by_class.items(), key=lambda pair: (pair[0][1] is None, pair[0][0]))
    ]


def _share_handed_in(lines: list[Line], i: int) -> float | None:
    """Of those of whom the step is required."""
    states = [line.cells[i].state for line in lines]
    return _share(sum(map(states.count, HANDED_IN)), len(states) - states.count(StepState.NOT_REQUIRED))
