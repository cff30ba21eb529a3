"""How a call for applications stands, in figures."""

from dataclasses import dataclass

from django.db.models import Count, F, Q

from campus.cohorts.models import EnrolmentState
from campus.intake.applications.selection import Places, applications_to
from campus.intake.models import Admission, Decision


@dataclass(frozen=True)
class Overview:
    """Figures of one call; all but ``withdrawn`` leave out who has withdrawn."""

    applied: int
    undecided: int
    selected: int
    waitlisted: int
    declined: int
    withdrawn: int
    untold: int
    capacity: int | None

    @property
    def places(self) -> Places:
        return Places(self.capacity, self.selected)

    @property
    def is_over(self) -> bool:
        """Whether more people are selected than there are places."""
        return self.capacity is not None and self.selected > self.capacity

    @property
    def suggested(self) -> int:
        """How many of the waitlist can move up now."""
        return min(self.places.free, self.waitlisted)


def overview_of(admission: Admission) -> Overview:
    """The figures, in one query."""
    standing = Q(withdrawn_at=None) & ~Q(enrolment__state=EnrolmentState.WITHDRAWN)
    counts = {decision.value: Count("pk", filter=standing & Q(decision=decision)) for decision in Decision}
    untold = standing & ~Q(decision=Decision.UNDECIDED) & ~Q(decision=F("announced"))
    found = applications_to(admission.cohort).aggregate(
        applied=Count("pk", filter=standing),
        withdrawn=Count("pk", filter=~standing),
        untold=Count("pk", filter=untold),
        **counts,
    )
    return Overview(capacity=admission.capacity, **found)
