"""Submissions as hand-ins of graded steps."""

from collections.abc import Collection, Iterable

from django.db.models import Case, Count, F, Max, Min, When

from campus.cases.hand_ins import Among, Epoch, HandIn, hand_in_source
from campus.cases.models import Step, StepKind
from campus.submissions.models import Submission
from grader.contract import State

# Our own faults don't undo a hand-in; what the grader refused or somebody cancelled was none.
COUNTING = [state for state in State if state not in {State.REJECTED, State.CANCELLED}]


@hand_in_source(StepKind.MODEL, StepKind.DECISION)
def submissions(steps: Collection[Step], among: Among) -> Iterable[HandIn]:
    """One row for each owner and step, by one query."""
    rows = Submission.objects.filter(among.condition, step__in=steps, grading__state__in=COUNTING)
    alone = Case(When(team=None, then=F("enrolment_id")))
    owners = rows.annotate(alone=alone).order_by().values_list("step_id", "alone", "team_id")
    moments = {"first": Epoch(Min("created_at")), "last": Epoch(Max("created_at"))}
    return (HandIn(*row) for row in owners.annotate(**moments, times=Count("pk")))
