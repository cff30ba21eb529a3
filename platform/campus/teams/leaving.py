"""Whoever stops taking part in a cohort, or is no longer a learner there, leaves the teams; the history stays."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from campus.cohorts.models import Enrolment
from campus.cohorts.signals import left
from campus.people.models import Person
from campus.teams.actions import leave_team
from campus.teams.models import Membership


@receiver(left)
def free_team_places(*, enrolments: Sequence[Enrolment], actor: Person | None, **_signal: Any) -> None:
    """End the present memberships of those who left."""
    for membership in Membership.objects.current().filter(enrolment__in=enrolments).order_by("pk"):
        leave_team(membership=membership, actor=actor)
