"""Where a learner stands with a step, in one word."""

from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.utils.translation import pgettext_lazy

from campus.cases.hand_ins import HandIn
from campus.cases.models import Step


class StepState(models.TextChoices):
    """One learner and one step; the words stand beside their sign and colour."""

    NOT_OPEN = "not_open", pgettext_lazy("progress", "Not open yet")
    OPEN = "open", pgettext_lazy("progress", "Open")
    EXTENDED = "extended", pgettext_lazy("progress", "Extended")
    HANDED_IN = "handed_in", pgettext_lazy("progress", "Handed in")
    LATE = "late", pgettext_lazy("progress", "Handed in late")
    MISSED = "missed", pgettext_lazy("progress", "Missed")
    NOT_REQUIRED = "not_required", pgettext_lazy("progress", "Not required")

    @property
    def is_handed_in(self) -> bool:
        """Whether something was handed in, on time or not."""
        return self in HANDED_IN

    @property
    def is_owed(self) -> bool:
        """Whether the learner can still hand it in on time, and hasn't."""
        return self is StepState.OPEN or self is StepState.EXTENDED

    @property
    def sign(self) -> str:
        return _SIGNS[self][0]

    @property
    def tone(self) -> str:
        """The kind of its chip."""
        return _SIGNS[self][1]


# Pages of thousands of learners count by these, without asking each state.
HANDED_IN = (StepState.HANDED_IN, StepState.LATE)
_SIGNS = {
    StepState.NOT_OPEN: ("·", ""),
    StepState.OPEN: ("○", "info"),
    StepState.EXTENDED: ("◷", "info"),
    StepState.HANDED_IN: ("✓", "success"),
    StepState.LATE: ("△", "warning"),
    StepState.MISSED: ("✕", "error"),
    StepState.NOT_REQUIRED: ("–", ""),
}


class Cell(NamedTuple):
    """A learner's step: its state, the learner's own deadline, and what was handed in."""

    state: StepState
    due_at: datetime
    hand_in: HandIn | None = None


def cell_of(step: Step, is_required: bool, due_at: datetime, hand_in: HandIn | None, now: datetime) -> Cell:
    """Work out a learner's state; on time is what came before ``due_at``, the learner's own deadline."""
    if hand_in:
        return Cell(StepState.HANDED_IN if hand_in.first < due_at.timestamp() else StepState.LATE, due_at, hand_in)
    if not is_required:
        return Cell(StepState.NOT_REQUIRED, due_at)
    if now < step.opens_at:
        return Cell(StepState.NOT_OPEN, due_at)
    if now >= due_at:
        return Cell(StepState.MISSED, due_at)
    is_extended = step.is_extended or due_at > step.closes_at
    return Cell(StepState.EXTENDED if is_extended else StepState.OPEN, due_at)
