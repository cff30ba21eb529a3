"""What a learner's page about groups shows."""

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from campus.cohorts.models import Cohort, Enrolment
from campus.grouping.gathering import learners_of
from campus.grouping.models import Approach, ApproachState, Interest
from campus.teams.models import Membership, Team


def own_teams(enrolment: Enrolment) -> list[Team]:
    """The learner's present groups, with cohort, space and the present members (``present``)."""
    mine = Membership.objects.current().filter(enrolment=enrolment).values("team")
    present = Membership.objects.current().select_related("enrolment__person").order_by("joined_at", "pk")
    teams = Team.objects.filter(pk__in=mine).select_related("cohort", "space").order_by("kind", "pk")
    return list(teams.prefetch_related(Prefetch("memberships", queryset=present, to_attr="present")))


def approaches_for(enrolment: Enrolment) -> QuerySet[Approach]:
    """Open invitations to the learner and requests to her groups, and what these sides have sent."""
    teams = Membership.objects.current().filter(enrolment=enrolment).values("team")
    rows = Approach.objects.filter(Q(enrolment=enrolment) | Q(team__in=teams), state=ApproachState.OPEN)
    return rows.select_related("team__cohort", "enrolment__person", "enrolment__cohort", "made_by__person")


def looking(cohort: Cohort, kind: str) -> QuerySet[Interest]:
    """Signals of those who look for a group and take part now."""
    rows = Interest.objects.filter(enrolment__in=learners_of(cohort), kind=kind, team=None)
    return rows.select_related("enrolment__person__profile", "enrolment__study_class", "enrolment__cohort")


def with_place(cohort: Cohort, kind: str, *, largest: int) -> QuerySet[Interest]:
    """Signals that a group has a place, while it has one and its writer is in it."""
    rows = Interest.objects.filter(enrolment__in=learners_of(cohort), kind=kind, team__isnull=False)
    present = Membership.objects.current()
    rows = rows.filter(Exists(present.filter(team=OuterRef("team"), enrolment=OuterRef("enrolment"))))
    counted = Count("team__memberships", filter=Q(team__memberships__left_at=None))
    rows = rows.annotate(size=counted).filter(size__lt=largest).order_by("-made_at", "-pk")
    return rows.select_related("enrolment__person", "team")
