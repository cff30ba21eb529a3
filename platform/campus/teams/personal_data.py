"""What teams hold of a person."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold
from campus.teams.actions import leave_team
from campus.teams.models import Membership


def _memberships(person: Person) -> Iterator[Row]:
    for one in Membership.objects.filter(enrolment__person=person).select_related("team__cohort").order_by("pk"):
        yield {
            "cohort": one.team.cohort.slug,
            "team": one.team.name,
            "kind": one.kind,
            "joined_at": one.joined_at,
            "left_at": one.left_at,
        }


def _leave_teams(person: Person) -> None:
    for membership in Membership.objects.current().filter(enrolment__person=person):
        leave_team(membership=membership, actor=None)


hold(
    Holding(
        name="teams",
        label=pgettext_lazy("data held", "Your teams"),
        rows=_memberships,
        erase=_leave_teams,
        gone=_("You leave your teams."),
        kept=_("The fact that the team had another member, without your name: its work belongs to the whole team."),
    )
)
