"""How many come how far: the cohort as a funnel, and its classes side by side."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campus.cases.models import Step
from campus.cohorts.models import Enrolment, EnrolmentState
from campus.intake.models import Decision
from campus.progress.concerns import Concern
from campus.progress.models import Thresholds
from campus.progress.queries import HAVE_BEGUN, Line, Progress
from campus.progress.states import HANDED_IN, StepState


@dataclass(frozen=True)
class Stage:
    """How many learners came at least so far; shares in per cent of those who began and of the stage before.

    Whoever handed in a later step has passed the earlier ones, also those left out: so it never widens.
    """

    label: str | Promise
    count: int
    of_begun: float | None
    of_previous: float | None


# Told of a place, or invited without having applied; also those who left before the beginning.
_CHOSEN = (
    Q(state=EnrolmentState.SELECTED)
    | Q(application__announced=Decision.SELECTED)
    | Q(never_began=True, application=None)
)


def funnel_of(progress: Progress, learners: QuerySet[Enrolment], *, with_intake: bool) -> list[Stage]:
    """From application to completion. ``with_intake``: also those who have not begun, whom only organisers see."""
    came = learners.aggregate(
        applied=Count("pk"),
        selected=Count("pk", filter=HAVE_BEGUN | _CHOSEN),
        begun=Count("pk", filter=HAVE_BEGUN),
        completed=Count("pk", filter=Q(state=EnrolmentState.COMPLETED)),
    )
    begun = came["begun"]
    way_in = [(pgettext("funnel", "Applied"), came["applied"]), (pgettext("funnel", "Selected"), came["selected"])]
    way_in = way_in if with_intake else []
    began = (pgettext("funnel", "Began"), begun)
    completed = (pgettext("funnel", "Completed"), came["completed"])
    counts = [*way_in, began, *_reached(progress), completed]
    previous = [None, *(count for _label, count in counts)]
    return [
        Stage(label, count, _share(count, begun) if place >= len(way_in) else None, _share(count, before))
        for place, ((label, count), before) in enumerate(zip(counts, previous, strict=False))
    ]


def _reached(progress: Progress) -> list[tuple[str, int]]:
    """Who was here, and who came to the first, second … step of a case."""
    steps = _columns(progress)
    furthest = [_furthest(line, steps) for line in progress.lines]
    seen = sum(line.seen_at is not None or came > 0 for line, came in zip(progress.lines, furthest, strict=True))
    names = [_named([progress.steps[i] for i in columns]) for columns in steps]
    counts = [(name, sum(came >= number for came in furthest)) for number, name in enumerate(names, start=1)]
    return [(pgettext("funnel", "Signed in"), seen), *counts]


def _share(count: int, whole: int | None) -> float | None:
    return 100 * count / whole if whole else None


def _columns(progress: Progress) -> list[list[int]]:
    """The columns of the first, second … step of a case; in a cohort with several cases by number."""
    by_position: dict[int, list[int]] = defaultdict(list)
    for i, step in enumerate(progress.steps):
        by_position[step.position].append(i)
    return [columns for _position, columns in sorted(by_position.items())]


def _named(steps: list[Step]) -> str:
    titles = {step.title for step in steps}
    if len(titles) == 1:
        return titles.pop()
    return _("Step %(number)d") % {"number": steps[0].position}


def _furthest(line: Line, steps: list[list[int]]) -> int:
    """The number of the last of the steps that was handed in; whoever left one out came past it all the same."""
    if line.state == EnrolmentState.COMPLETED:
        return len(steps)
    done = (number for number, columns in enumerate(steps, start=1) if _has_handed_in(line, columns))
    return max(done, default=0)


def _has_handed_in(line: Line, columns: Collection[int]) -> bool:
    """Whether any of these steps is handed in."""
    return any(line.cells[i].state in HANDED_IN for i in columns)


def figures_of(stages: list[Stage]) -> dict[str, Any]:
    """The funnel for ``<campus-chart>``."""
    return {
        "kind": "bar",
        "across": True,
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
