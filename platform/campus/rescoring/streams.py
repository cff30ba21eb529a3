"""Who may follow a rescoring: organisers of its cohort."""

from campus import live
from campus.cohorts.models import Enrolment, Role
from campus.people.models import Person
from campus.rescoring.models import Rescoring


@live.readable("rescoring")
def can_read_rescoring(person: Person, rescoring_id: int) -> bool:
    organised = Enrolment.objects.of(person).filter(role=Role.ORGANISER).values("cohort")
    return Rescoring.objects.filter(pk=rescoring_id, case__cohort__in=organised).exists()
