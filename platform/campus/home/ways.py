"""A learner's way through the cases of a cohort as the home page shows it, and which step comes next."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campus.cases.hand_ins import HandIn
from campus.cases.models import CohortCase, Step
from campus.progress.states import Cell
from campus.submissions.models import Standing
from campus.submissions.scores import History


@dataclass
class NextStep:
    """The step to take now, and why this one. is_owed: nothing is handed in yet, and the step is open."""

    step: Step
    why: str | Promise
    is_owed: bool = False


@dataclass
class GradedStep:
    """A graded step of the learner: what was handed in, the best provisional score, and all scores so far."""

    step: Step
    hand_in: HandIn | None = None
    standing: Standing | None = None
    history: History | None = None


@dataclass(frozen=True)
class StepOfWay:
    """A step of a case as it stands for the learner; without a cell where the site doesn't record hand-ins."""

    step: Step
    cell: Cell | None


@dataclass
class CaseOfLearner:
    """A case with what the learner did in it so far."""

    case: CohortCase
    graded: list[GradedStep]
    way: list[StepOfWay] = field(default_factory=list)


def cases_in(steps: list[Step], graded: dict[int, GradedStep]) -> list[CaseOfLearner]:
    """The cases of these steps, in their order."""
    cases: dict[int, CaseOfLearner] = {}
    for step in steps:
        case = cases.setdefault(step.cohort_case_id, CaseOfLearner(step.cohort_case, []))
        if step.pk in graded:
            case.graded.append(graded[step.pk])
    return list(cases.values())


def next_step_of(steps: list[Step], handed_in: Collection[int]) -> NextStep | None:
    """The open step that closes first among those still owed, else one to improve, else the next to open.

    handed_in: ids of the steps that the learner, or the learner's team, has handed in.
    """
    open_steps = sorted((step for step in steps if step.is_open()), key=lambda step: step.closes_at)
    if owed := [step for step in open_steps if step.pk not in handed_in]:
        why = _("You have not handed in yet.") if owed[0].is_graded else _("Of the open steps, this one closes first.")
        return NextStep(owed[0], why, is_owed=True)
    if improvable := [step for step in open_steps if step.is_graded]:
        return NextStep(improvable[0], _("Handed in. You can still improve your result until the deadline."))
    to_come = [step for step in steps if not step.is_closed() and not step.is_open()]
    if to_come:
        return NextStep(min(to_come, key=lambda step: step.opens_at), _("No step is open now. This one opens next."))
    return NextStep(open_steps[0], _("You have handed in everything that is open.")) if open_steps else None


def latest_scored(cases: list[CaseOfLearner]) -> GradedStep | None:
    """The graded step in which a score came last."""
    scored = [
        (graded.history.latest_at, graded.step.pk, graded) for case in cases for graded in case.graded if graded.history
    ]
    return max(scored)[2] if scored else None
