"""Run inside a site (`campus shell`): a learner who begins a case of the demo today. Prints her case and her token."""

import json
import sys
from datetime import timedelta

from django.utils import timezone

from campus.cases.choosing import choose_cases, rule_of
from campus.cases.models import Step
from campus.people.tokens import create_token
from tests.campus.cast import enrol, make_person


def join(case: str) -> dict[str, str]:
    """Enrol her in a cohort in which the case's model can be handed in now."""
    now = timezone.now()
    steps = Step.objects.with_case().filter(key="model", opens_at__lt=now, closes_at__gt=now).order_by("pk")
    step = next(step for step in steps if step.cohort_case.slug == case)
    person = make_person(f"beginner{now:%H%M%S%f}")
    enrolment = enrol(person, step.cohort_case.cohort)
    if rule := rule_of(step.cohort_case.cohort):
        choose_cases(rule=rule, enrolment=enrolment, cases=[step.cohort_case], actor=person)
    token = create_token(person=person, name="notebook", scopes=["read", "submit"], expires_at=now + timedelta(days=1))
    return {"case": f"{step.cohort_case.cohort.slug}/{case}", "token": token[1]}


def tell(case: str) -> None:
    """Print where she learns, and as whom, as one line of JSON."""
    sys.stdout.write(json.dumps(join(case)) + "\n")
