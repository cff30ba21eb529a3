"""What the cases lay on the cohort's desk."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cases.choosing import cases_of
from campus.cases.deadlines import as_seen_by
from campus.cases.scheduling import steps_in
from campus.cohorts.bulk import BulkAction, offer_bulk_action
from campus.cohorts.desk import Section, lay_on_desk
from campus.cohorts.models import Enrolment, Role
from campus.cohorts.panels import Panel, show_on_persons_page
from campus.people.models import Person

lay_on_desk(
    section=Section.COHORT,
    label=_("Schedule"),
    url_name="cases:schedule",
    permission="cohorts.run_cohort",
    position=20,
)
lay_on_desk(
    section=Section.COHORT,
    label=pgettext_lazy("desk", "Cases"),
    url_name="cases:desk_cases",
    permission="cohorts.run_cohort",
    position=30,
)
lay_on_desk(
    section=Section.COHORT,
    label=_("Your own cases"),
    url_name="cases:begin_case",
    permission="cases.author_case",
    position=32,
)
lay_on_desk(
    section=Section.COHORT,
    label=_("Choice of cases"),
    url_name="cases:choice",
    permission="cohorts.run_cohort",
    position=31,
)
lay_on_desk(
    section=Section.COHORT,
    label=pgettext_lazy("desk", "Extensions"),
    url_name="cases:extensions",
    permission="cohorts.look_after_learners",
    position=60,
)
offer_bulk_action(BulkAction(_("Extend a deadline"), "cases:extend", "cohorts.look_after_learners", 10))


def steps_and_choice(enrolment: Enrolment, _reader: Person) -> dict[str, Any] | None:
    """A learner's cases and steps, with the deadlines that hold for her."""
    if enrolment.role != Role.LEARNER:
        return None
    works_on = cases_of([enrolment])[enrolment.pk]
    steps = [step for step in steps_in(enrolment.cohort) if step.cohort_case_id in works_on]
    return {"steps": as_seen_by(enrolment, steps)}


show_on_persons_page(Panel("cases/parts/persons_steps.html", steps_and_choice, position=20))
