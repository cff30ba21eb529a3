"""Tells learners of a round something, each with the deadline that is theirs."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from campus.cases.deadlines import deadlines_of
from campus.cohorts.models import Enrolment
from campus.notices.actions import notify
from campus.notices.kinds import Kind
from campus.people.models import Person
from campus.reviews.models import ReviewRound
from campus.reviews.words import told_of


def tell(
    round: ReviewRound, kind: Kind, enrolments: Iterable[Enrolment], *, key: str, page: str = "page", **more: object
) -> None:
    """Write the notice to these learners (read with ``person``), with a link to one of the round's pages."""
    enrolments = list(enrolments)
    deadlines = deadlines_of([round.step], enrolments)
    by_deadline: dict[datetime, list[Person]] = defaultdict(list)
    for one in enrolments:
        by_deadline[deadlines[round.step.pk, one.pk]].append(one.person)
    for closes_at, people in by_deadline.items():
        context = told_of(round) | {"closes_at": closes_at} | more
        notify(kind=kind.name, to=people, context=context, url=round.path(page), key=f"reviews:{round.pk}:{key}")
