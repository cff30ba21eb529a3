"""Only organisers make and issue badges; a badge's own page asks its holder."""

import rules

from campus.badges.models import Award
from campus.cohorts.rules import is_organiser
from campus.people.models import Person


@rules.predicate
def is_holder(person: Person, award: Award) -> bool:
    return person.is_active and award.belongs_to(person) and award.issued_at is not None


@rules.predicate
def organises(person: Person, award: Award) -> bool:
    """Whether the person organises the cohort that the badge was given in."""
    return bool(is_organiser(person, award.achievement.cohort))


@rules.predicate
def is_public(_person: Person, award: Award) -> bool:
    return award.is_public and award.issued_at is not None


rules.add_perm("badges.issue", is_organiser)
rules.add_perm("badges.hold", is_holder)
rules.add_perm("badges.view_award", is_public | is_holder | organises)
