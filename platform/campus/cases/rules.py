"""Who may choose a cohort's cases, set its dates and make cases of their own: its organisers.

Packs with a generator are installed by the operator's command alone.
"""

import rules

from campus.cases.models import CohortCase, Step
from campus.cohorts.rules import is_member, is_organiser
from campus.people.models import Person


@rules.predicate
def sees_case(person: Person, case: CohortCase) -> bool:
    return bool(is_member(person, case.cohort))


@rules.predicate
def runs_cohort_of_step(person: Person, step: Step) -> bool:
    return bool(is_organiser(person, step.cohort))


rules.add_perm("cases.view_case", sees_case)
rules.add_perm("cases.adopt_case", is_organiser)
rules.add_perm("cases.author_case", is_organiser)
rules.add_perm("cases.schedule_step", runs_cohort_of_step)
