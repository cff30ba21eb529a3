"""Who may follow the work on a draft: organisers of its cohort."""

from campus import live
from campus.cases.models import CaseDraft
from campus.cohorts.models import Enrolment, Role
from campus.people.models import Person


@live.readable("draft")
def can_read_draft(person: Person, draft_id: int) -> bool:
    organised = Enrolment.objects.of(person).filter(role=Role.ORGANISER).values("cohort")
    return CaseDraft.objects.filter(pk=draft_id, cohort__in=organised).exists()
