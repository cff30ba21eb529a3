"""Who may follow a run of issuing: organisers of its cohort."""

from campus import live
from campus.badges.models import IssueRun
from campus.cohorts.models import Enrolment, Role
from campus.people.models import Person


@live.readable("issuerun")
def can_read_run(person: Person, run_id: int) -> bool:
    organised = Enrolment.objects.of(person).filter(role=Role.ORGANISER).values("cohort")
    return IssueRun.objects.filter(pk=run_id, achievement__cohort__in=organised).exists()
