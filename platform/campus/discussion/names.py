"""Under which name people appear: as they chose for the cohort's discussion."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from campus.cohorts.models import Enrolment, Role
from campus.cohorts.rules import STAFF_ROLES
from campus.discussion.models import Voice
from campus.people.models import Person


@dataclass(frozen=True)
class Speaker:
    """An author as everybody sees them; ``role`` is empty for learners."""

    pk: int
    name: str
    role: str = ""

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label) if self.role else ""


def with_shown_names(people: QuerySet[Person], cohort_id: int) -> QuerySet[Any]:
    """Add ``shown_name``: the nickname of those who chose it here, the name of all others."""
    by_alias = Exists(Voice.objects.filter(person=OuterRef("pk"), cohort=cohort_id, uses_alias=True))
    return people.annotate(shown_name=Case(When(by_alias & ~Q(alias=""), then=F("alias")), default=F("name")))


def speakers_in(cohort_id: int, people: Iterable[int]) -> dict[int, Speaker]:
    """The people by id as they appear in the cohort, in one query however many they are."""
    roles = Enrolment.objects.taking_part().filter(cohort=cohort_id, person=OuterRef("pk"), role__in=STAFF_ROLES)
    named = with_shown_names(Person.objects.filter(pk__in=set(people)), cohort_id)
    named = named.annotate(staff_role=Subquery(roles.order_by("pk").values("role")[:1]))
    rows = named.values_list("pk", "shown_name", "staff_role")
    return {pk: Speaker(pk, name, role or "") for pk, name, role in rows}


def shown_name(person: Person, cohort_id: int) -> str:
    """How one person is called there."""
    named = with_shown_names(Person.objects.filter(pk=person.pk), cohort_id).values_list("shown_name", flat=True)
    return str(named.get())


def shows_typing(person: Person, cohort_id: int) -> bool:
    """Whether others see that the person is writing, and the person that others are."""
    return not Voice.objects.filter(person=person, cohort=cohort_id, shows_typing=False).exists()
