"""What people are told about deliverables: a team's members, that one of them handed in for all."""

from django.utils.translation import gettext_lazy as _

from campus.deliverables.models import Deliverable
from campus.notices.actions import notify
from campus.notices.kinds import Group, register
from campus.people.models import Person
from campus.teams.models import Membership

DELIVERABLES = Group("deliverables", _("Hand-ins of your team"))
HANDED_IN = register("deliverables.handed_in", group=DELIVERABLES)


def tell_team(deliverable: Deliverable) -> None:
    """Tell the other members of the team; nobody where a person hands in alone."""
    if deliverable.team is None:
        return
    members = Membership.objects.current().filter(team=deliverable.team).exclude(enrolment=deliverable.enrolment_id)
    step = deliverable.step
    notify(
        kind=HANDED_IN.name,
        to=Person.objects.filter(enrolments__in=members.values("enrolment")).distinct(),
        context={
            "who": deliverable.enrolment.person.name,
            "team": deliverable.team.name,
            "step": {"ja": step.title_ja, "en": step.title_en or step.title_ja},
            "number": deliverable.number,
        },
        url=deliverable.address,
    )
