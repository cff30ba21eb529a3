"""Deliverables as hand-ins of their steps."""

from collections.abc import Collection, Iterable

from django.db.models import Case, Count, F, Max, Min, When

from campus.cases.hand_ins import Among, Epoch, HandIn, hand_in_source
from campus.cases.models import Step, StepKind
from campus.deliverables.models import Deliverable


@hand_in_source(StepKind.TEXT)
def deliverables(steps: Collection[Step], among: Among) -> Iterable[HandIn]:
    """One row for each owner and step, by one query."""
    rows = Deliverable.objects.filter(among.condition, step__in=steps)
    alone = Case(When(team=None, then=F("enrolment_id")))
    owners = rows.annotate(alone=alone).order_by().values_list("step_id", "alone", "team_id")
    moments = {"first": Epoch(Min("handed_in_at")), "last": Epoch(Max("handed_in_at"))}
    return (HandIn(*row) for row in owners.annotate(**moments, times=Count("pk")))
