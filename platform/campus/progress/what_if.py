"""Who would complete if…: another rule or a moved deadline, tried out on what is known now. Nothing is changed."""

import copy
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from campus.cases.models import Step
from campus.progress.completion import Outlook, Standing, facts_of, standings_by
from campus.progress.models import CompletionRule
from campus.progress.queries import Line, Progress
from campus.progress.states import Cell, StepState, cell_of


@dataclass(frozen=True)
class Change:
    """A learner before and after."""

    line: Line
    before: Standing
    after: Standing

    def __str__(self) -> str:
        return self.line.name

    @property
    def pk(self) -> int:
        return self.line.pk

    @property
    def is_one(self) -> bool:
        return self.before.outlook != self.after.outlook


@dataclass(frozen=True)
class Effect:
    """What becomes of everybody."""

    changes: list[Change]

    @property
    def counts(self) -> list[tuple[Outlook, int, int, int]]:
        """Each outlook with how many learners it has now, would have, and the difference."""
        before = Counter(one.before.outlook for one in self.changes)
        after = Counter(one.after.outlook for one in self.changes)
        return [(each, before[each], after[each], after[each] - before[each]) for each in Outlook]

    @property
    def changed(self) -> list[Change]:
        return [one for one in self.changes if one.is_one]

    @property
    def questioned(self) -> int:
        """How many recorded completions the new rule would not bear out, beyond those of now."""
        return sum(one.after.is_in_question and not one.before.is_in_question for one in self.changes)


def effect_of(
    progress: Progress, *, before: CompletionRule, after: CompletionRule, deadlines: Progress | None = None
) -> Effect:
    """Those who take part by the one rule and by the other; ``deadlines``: the same lines, read ``with_moved``."""
    curious = max(before, after, key=lambda rule: rule.helpful_posts)
    facts = facts_of(progress.lines, {progress.cohort.pk: curious})
    now = standings_by(before, progress, facts)
    then = standings_by(after, deadlines or progress, facts)
    changes = map(Change, progress.lines, now, then)
    return Effect([change for change in changes if change.line.state.takes_part])


def with_moved(progress: Progress, steps: Collection[int], by: timedelta) -> Progress:
    """The same learners with the deadlines of these steps (by id) moved; an extension that lasts longer stays."""
    moved = [_moved(step, by) if step.pk in steps else step for step in progress.steps]
    pairs = [(i, old, new) for i, (old, new) in enumerate(zip(progress.steps, moved, strict=True)) if old is not new]
    lines = [replace(line, cells=_cells(line.cells, pairs, progress.now)) for line in progress.lines]
    return replace(progress, steps=moved, lines=lines)


def _moved(step: Step, by: timedelta) -> Step:
    seen = copy.copy(step)
    seen.closes_at = max(step.closes_at + by, step.opens_at)
    return seen


def _cells(cells: Sequence[Cell], pairs: Sequence[tuple[int, Step, Step]], now: datetime) -> list[Cell]:
    found = list(cells)
    for i, old, new in pairs:
        cell = found[i]
        extended = cell.due_at if cell.due_at > old.closes_at else new.closes_at
        found[i] = cell_of(
            step=new,
            is_required=cell.state != StepState.NOT_REQUIRED,
            due_at=max(new.closes_at, extended),
            hand_in=cell.hand_in,
            now=now,
        )
    return found
