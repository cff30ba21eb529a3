"""When somebody leaves a cohort or a group: what she said goes, and who looks after the group hears if it got small."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from campus import live
from campus.cohorts.models import Enrolment, Role
from campus.cohorts.signals import left
from campus.grouping.models import Approach, ApproachState, Interest, Wish
from campus.grouping.notices import TOO_SMALL
from campus.grouping.policies import policy_of
from campus.grouping.standing import mates_of, tell_of_leaving
from campus.notices.actions import notify
from campus.people.models import Person
from campus.teams.actions import leave_team
from campus.teams.models import Membership, Team, TeamKind


@receiver(left)
def look_after_groups(*, enrolments: Sequence[Enrolment], **_signal: Any) -> None:
    """The teams' own receiver has ended the memberships before."""
    Interest.objects.filter(enrolment__in=enrolments).delete()
    Wish.objects.filter(enrolment__in=enrolments).delete()
    waiting = Approach.objects.filter(enrolment__in=enrolments, state=ApproachState.OPEN)
    waiting.update(state=ApproachState.WITHDRAWN)
    # A subquery: the size counts all members, not only those who left.
    theirs = Membership.objects.filter(enrolment__in=enrolments, left_at__isnull=False).values("team")
    for team in Team.objects.filter(pk__in=theirs).standing().select_related("cohort").order_by("pk"):
        tell_if_too_small(team)


@live.atomic
def leave_group(membership: Membership) -> None:
    """Leave a group of one's own; the others are told. Raises ValidationError where one has left already."""
    leave_team(membership=membership, actor=membership.enrolment.person)
    tell_of_leaving(membership, to=mates_of(membership))
    tell_if_too_small(membership.team)


def tell_if_too_small(team: Team) -> None:
    """Tell organisers and the facilitators concerned, once for each size, that a group needs more people."""
    size = team.memberships.current().count()
    if not 0 < size < policy_of(team.cohort, TeamKind(team.kind)).smallest:
        return
    notify(
        kind=TOO_SMALL.name,
        to=_who_looks_after(team),
        context={"team": team.name, "size": size},
        url=reverse("grouping:small", args=[team.cohort.slug, team.kind]),
        key=f"small:{team.pk}:{size}",
        mail=False,
    )


def _who_looks_after(team: Team) -> Iterable[Person]:
    classes = team.memberships.current().values("enrolment__study_class")
    staff = Enrolment.objects.taking_part().filter(cohort=team.cohort)
    organisers = staff.filter(role=Role.ORGANISER).values("person")
    facilitators = staff.filter(role=Role.FACILITATOR, facilitated_classes__in=classes).values("person")
    return Person.objects.filter(pk__in=organisers.union(facilitators))
