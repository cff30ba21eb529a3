"""A cohort of the demo whose learners choose one of two cases; half of them have not yet."""

from datetime import datetime, timedelta

from django.utils import timezone

from campus import live
from campus.cases.actions import adopt_case
from campus.cases.choosing import choose_cases, set_choice_rule
from campus.cases.models import CaseVersion, Track
from campus.cohorts.models import Cohort, Role
from campus.demo import cohorts
from campus.people.models import Person

CHOICE = "demo-choice"
DAYS_TO_CHOOSE = 10


@live.atomic
def offer_choice(
    versions: list[CaseVersion], *, learners: list[Person], organiser: Person, starts_at: datetime
) -> Cohort:
    """Create the cohort; every second learner has chosen, one case after the other."""
    plan = cohorts.Plan(CHOICE, "デモ開催期（教材を選ぶ）", "Demo cohort (choosing a case)", starts_at)
    staff = {Role.ORGANISER: organiser}
    cohort = cohorts.make_cohort(plan, case_version=versions[0], learners=learners, staff=staff)
    for version in versions[1:]:
        adopt_case(cohort=cohort, case_version=version, starts_at=starts_at, actor=organiser)
    until = timezone.now() + timedelta(days=DAYS_TO_CHOOSE)
    rule = set_choice_rule(cohort=cohort, cases_each=1, tracks=[Track.AI], until=until, actor=organiser)
    cases = list(cohort.cases.all())
    for number, enrolment in enumerate(cohort.enrolments.filter(role=Role.LEARNER).order_by("pk")[1::2]):
        choose_cases(rule=rule, enrolment=enrolment, cases=[cases[number % len(cases)]], actor=enrolment.person)
    return cohort
