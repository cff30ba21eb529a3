"""The members of a team as somebody may see them."""

from dataclasses import dataclass

from django.utils.functional import Promise

from campus.cohorts.models import Enrolment
from campus.cohorts.viewers import viewer_of
from campus.people.models import Person
from campus.people.profile_fields import PROFILE_FIELDS
from campus.people.visibility import shown
from campus.teams.models import Team

# What of the profile helps to work together, where its owner lets it be seen.
SHOWN = ("alias", "organisation", "industry", "occupation", "prefecture", "language")


@dataclass(frozen=True)
class Member:
    """A member with what the reader sees of the profile: label and value."""

    enrolment: Enrolment
    profile: list[tuple[str | Promise, str]]


def members_as_seen_by(reader: Person, team: Team) -> list[Member]:
    """The present members, those who came first first."""
    rows = team.memberships.current().select_related(
        "enrolment__person__profile", "enrolment__cohort", "enrolment__study_class"
    )
    return [_member(reader, one.enrolment) for one in rows.order_by("joined_at", "pk")]


def _member(reader: Person, enrolment: Enrolment) -> Member:
    viewer = viewer_of(reader, enrolment)
    values = ((PROFILE_FIELDS[key].label, shown(key, of=enrolment.person, viewer=viewer)) for key in SHOWN)
    return Member(enrolment, [(label, value) for label, value in values if value])
