"""Two cohorts of the demo: one in the middle of its third step, one in which proposals are being reviewed."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from campus.cases.actions import adopt_case
from campus.cases.models import CaseVersion, Step, StepKind
from campus.cohorts.actions import record_audit
from campus.cohorts.classes import make_classes
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Programme, Role
from campus.consents.actions import open_draft, publish_version
from campus.consents.models import Consent, ConsentAnswer
from campus.people.models import Person
from campus.teams.actions import form_team
from campus.teams.models import TeamKind

LEARNERS_PER_CLASS = 100
LEARNERS_PER_TEAM = 4
CURRENT, PREVIOUS = "demo", "demo-previous"


@dataclass(frozen=True)
class Plan:
    """How a cohort of the demo is to look."""

    slug: str
    title_ja: str
    title_en: str
    starts_at: datetime


def programme() -> Programme:
    found, _ = Programme.objects.get_or_create(
        slug="case-study", defaults={"title_ja": "ケーススタディ教育プログラム", "title_en": "Case-study programme"}
    )
    return found


def make_cohort(plan: Plan, *, case_version: CaseVersion, learners: list[Person], staff: dict[Role, Person]) -> Cohort:
    """Create the cohort with its case, classes, people and teams."""
    day = timezone.localtime(plan.starts_at).date()
    cohort = Cohort.objects.create(
        programme=programme(),
        slug=plan.slug,
        title_ja=plan.title_ja,
        title_en=plan.title_en,
        starts_on=day,
        ends_on=day + timedelta(days=60),
    )
    adopt_case(cohort=cohort, case_version=case_version, starts_at=plan.starts_at, actor=staff.get(Role.ORGANISER))
    _enrol(cohort, learners=learners, staff=staff)
    record_audit(action="cohort.created", subject=f"cohort:{cohort.pk}", actor=staff[Role.ORGANISER], cohort=cohort)
    let_agree(cohort, organiser=staff[Role.ORGANISER])
    _form_teams(cohort)
    return cohort


def _enrol(cohort: Cohort, *, learners: list[Person], staff: dict[Role, Person]) -> None:
    count = max(2, -(-len(learners) // LEARNERS_PER_CLASS))
    names = [f"{number:02d}" for number in range(1, count + 1)]
    classes = make_classes(cohort=cohort, names=names, actor=staff[Role.ORGANISER])
    drawn = random.Random(cohort.slug)
    Enrolment.objects.bulk_create(
        Enrolment(
            person=person,
            cohort=cohort,
            study_class=classes[number * count // len(learners)],
            uses_alias=bool(person.alias) and drawn.random() < 0.8,
        )
        for number, person in enumerate(learners)
    )
    for role, person in staff.items():
        enrolment = Enrolment.objects.create(person=person, cohort=cohort, role=role)
        if role == Role.FACILITATOR:
            classes[0].facilitators.add(enrolment)


def let_agree(cohort: Cohort, *, organiser: Person) -> None:
    """Publish the standard texts; everybody agrees to what is required, most to the rest."""
    version = publish_version(draft=open_draft(cohort=cohort, actor=organiser), actor=organiser)
    drawn = random.Random(cohort.slug)
    learners = cohort.enrolments.filter(role=Role.LEARNER).order_by("pk")
    now = timezone.now()
    answers = ConsentAnswer.objects.bulk_create(
        ConsentAnswer(enrolment=one, version=version, language="ja", answered_at=now) for one in learners
    )
    Consent.objects.bulk_create(
        Consent(answer=answer, item=item, given_at=now)
        for answer in answers
        for item in version.items.all()
        if item.is_required or drawn.random() < 0.7
    )


def invite(person: Person, cohort: Cohort) -> Enrolment:
    """Choose somebody who has not begun yet."""
    return Enrolment.objects.create(person=person, cohort=cohort, state=EnrolmentState.SELECTED)


def _form_teams(cohort: Cohort) -> None:
    """Two thirds of the learners are in a project team already."""
    learners = list(cohort.enrolments.filter(role=Role.LEARNER).order_by("pk"))
    for start in range(0, len(learners) * 2 // 3, LEARNERS_PER_TEAM):
        members = learners[start : start + LEARNERS_PER_TEAM]
        name = f"チーム{start // LEARNERS_PER_TEAM + 1:02d}"
        form_team(cohort=cohort, kind=TeamKind.PROJECT, name=name, members=members, actor=None)


def graded_step(cohort: Cohort) -> Step:
    """The first step of the cohort's case that the grader judges."""
    return Step.objects.with_case().filter(cohort_case__cohort=cohort, kind=StepKind.MODEL).earliest("position")


def model_step_days(case_version: CaseVersion) -> tuple[int, int]:
    """Opening and closing day of the case's first graded step, counted from the case's start."""
    step = next(step for step in case_version.pack().steps if step.kind == StepKind.MODEL)
    return step.opens_day, step.closes_day
