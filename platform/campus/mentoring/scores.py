"""What the grader has measured of a work's owners in the same case: a mentor reads it beside the work."""

from collections.abc import Iterable

from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.deliverables.models import Deliverable
from campus.submissions.board_page import Line, standing_line
from campus.submissions.models import Owner, owner_in


def scores_beside(deliverable: Deliverable) -> list[tuple[Step, list[Line]]]:
    """For each graded step the owners' lines of the board, final once it is closed for them; empty where none is."""
    steps = Step.objects.with_case().filter(cohort_case=deliverable.step.cohort_case_id).order_by("position")
    members = _members(deliverable)
    return [(step, lines) for step in steps if step.is_graded and (lines := _lines(step, members))]


def _members(deliverable: Deliverable) -> list[Enrolment]:
    if deliverable.team is None:
        return [deliverable.enrolment]
    memberships = deliverable.team.memberships.current().select_related("enrolment__person", "enrolment__cohort")
    return [one.enrolment for one in memberships.order_by("pk")]


def _lines(step: Step, members: Iterable[Enrolment]) -> list[Line]:
    """Of each member, where the step is graded one by one, else of their team."""
    owners: dict[str, Owner] = {one.key: one for member in members if (one := owner_in(step=step, enrolment=member))}
    found = (standing_line(step=one.sees(step), owner=one) for one in owners.values())
    return [line for line in found if line]
