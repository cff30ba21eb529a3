"""Run inside a site (`campus shell`): eight learners with tokens and an open step. Prints JSON."""

import json
import sys
from datetime import timedelta

from django.utils import timezone

from campus.cases.actions import adopt_case, install_case
from campus.cases.models import Step
from campus.people.tokens import create_token
from tests.campus.cast import PACK, enrol, make_cohort, make_person, reschedule
from tests.campus.submissions.files import csv_file


def gather() -> dict[str, object]:
    """Make them; answer the address of the step's submissions, a token for each, and a file that is accepted."""
    cohort = make_cohort("faults")
    case = adopt_case(
        cohort=cohort,
        case_version=install_case(source=PACK, actor=None),
        starts_at=timezone.now() - timedelta(days=10),
        actor=None,
    )
    step = Step.objects.with_case().get(cohort_case=case, key="forecast")
    reschedule(step, opens=timedelta(days=-1), closes=timedelta(days=1))
    tomorrow = timezone.now() + timedelta(days=1)
    learners = [make_person(f"learner{number}") for number in range(8)]
    for person in learners:
        enrol(person, cohort)
    tokens = [
        create_token(person=person, name="faults", scopes=["read", "submit"], expires_at=tomorrow)[1]
        for person in learners
    ]
    place = f"/api/v1/cohorts/{cohort.slug}/cases/{case.slug}/steps/{step.key}/submissions"
    return {"place": place, "tokens": tokens, "file": csv_file(step).decode()}


sys.stdout.write(json.dumps(gather()) + "\n")
