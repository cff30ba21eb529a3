"""Who may follow a formation: organisers of its cohort."""

from campus import live
from campus.cohorts.models import Enrolment, Role
from campus.grouping.models import Formation
from campus.people.models import Person


@live.readable("formation")
def can_read_formation(person: Person, formation_id: int) -> bool:
    organised = Enrolment.objects.of(person).filter(role=Role.ORGANISER).values("cohort")
    return Formation.objects.filter(pk=formation_id, cohort__in=organised).exists()
