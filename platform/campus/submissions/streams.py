"""Who may listen to the live streams of submissions and boards."""

from campus import live
from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.people.models import Person
from campus.teams.models import Membership


@live.readable("board")
def can_read_board(person: Person, step_id: int) -> bool:
    """Members of the step's cohort."""
    return Step.objects.filter(
        pk=step_id, cohort_case__cohort__in=Enrolment.objects.of(person).values("cohort")
    ).exists()


@live.readable("enrolment")
def can_read_enrolment(person: Person, enrolment_id: int) -> bool:
    """Only the person whose enrolment it is."""
    return Enrolment.objects.of(person).filter(pk=enrolment_id).exists()


@live.readable("team")
def can_read_team(person: Person, team_id: int) -> bool:
    """Present members of the team."""
    mine = Enrolment.objects.of(person)
    return Membership.objects.current().filter(team=team_id, enrolment__in=mine).exists()
