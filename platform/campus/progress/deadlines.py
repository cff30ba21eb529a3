"""The deadlines that come next, with how many are there already."""

from dataclasses import dataclass

from campus.cases.models import Step
from campus.progress.queries import Progress
from campus.progress.states import StepState

SHOWN = 4


@dataclass(frozen=True)
class NextDeadline:
    """A step that is not closed yet, and how many of those who take part have handed it in."""

    step: Step
    handed_in: int
    required: int


def next_deadlines(progress: Progress) -> list[NextDeadline]:
    """The open steps and those that open next, by deadline."""
    lines = [line for line in progress.lines if line.state.takes_part]
    coming = sorted(
        ((step.closes_at, i, step) for i, step in enumerate(progress.steps) if not step.is_closed(progress.now)),
        key=lambda one: one[:2],
    )
    found = []
    for _closes_at, i, step in coming[:SHOWN]:
        states = [line.cells[i].state for line in lines if line.cells[i].state != StepState.NOT_REQUIRED]
        found.append(NextDeadline(step, sum(state.is_handed_in for state in states), len(states)))
    return found
