"""A cohort with its people and a case, and what befalls it: dates, an application form, completions."""

import secrets
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone, translation

from campus.cases.actions import adopt_case
from campus.cases.models import CaseVersion, Step, StepKind
from campus.cohorts.models import Cohort, EnrolmentState, Role, StudyClass
from campus.demo.badges import make_for_completing
from campus.demo.cohorts import invite, let_agree, model_step_days
from campus.people.models import Person
from campus.progress.completing import record_completions
from campus.questionnaires.blueprints import write_version
from campus.questionnaires.building import create_questionnaire, publish
from campus.questionnaires.models import Purpose, Questionnaire
from campus.reviews.models import ReviewRound
from campus.reviews.rounds import round_of
from tests.browser.scene import PASSWORD, ROLES, Scene
from tests.campus.cast import enrol, make_cohort


def set_scene(*, language: str) -> dict[str, Any]:
    """A cohort whose graded step is open."""
    translation.activate(language)
    key = secrets.token_hex(3)
    cohort, elsewhere = make_cohort(f"play-{key}"), make_cohort(f"elsewhere-{key}")
    version = CaseVersion.objects.get(slug="demand-forecasting")
    starts_at = timezone.now() - timedelta(days=model_step_days(version)[0] + 2)
    for one in (cohort, elsewhere):
        adopt_case(cohort=one, case_version=version, starts_at=starts_at, actor=None)
    study_class = StudyClass.objects.create(cohort=cohort, name="A")
    people = {part: somebody(part, key, language) for part in (*ROLES, "outsider", "newcomer")}
    enrol(people["outsider"], elsewhere)
    for part in ROLES:
        role = Role.LEARNER if part in {"learner", "mate"} else Role(part)
        in_class = {"study_class": study_class} if role == Role.LEARNER else {}
        enrolment = enrol(people[part], cohort, role, **in_class)
        if role == Role.FACILITATOR:
            study_class.facilitators.add(enrolment)
    let_agree(cohort, organiser=people["organiser"])
    invite(people["newcomer"], cohort)
    step = Step.objects.with_case().filter(cohort_case__cohort=cohort, kind="model").earliest("position")
    scene = Scene(
        language=language,
        cohort=cohort.slug,
        title=cohort.title,
        case=step.cohort_case.slug,
        case_title=version.title,
        step=step.key,
        step_title=step.title,
        people={part: person.email for part, person in people.items()},
        names={part: person.name for part, person in people.items()},
        folder=str(version.path),
    )
    return asdict(scene)


_NAMES = {
    "learner": "花子",
    "mate": "太郎",
    "facilitator": "史恵",
    "mentor": "恵",
    "organiser": "修",
    "outsider": "陽子",
    "newcomer": "新",
    "applicant": "望",
    "waiting": "待子",
    "operator": "守",
}
_hash = ""


def somebody(part: str, key: str, language: str) -> Person:
    """A person with a verified address and PASSWORD, hashed once for all."""
    global _hash
    _hash = _hash or make_password(PASSWORD)
    person = Person.objects.create(
        email=f"{part}-{key}@example.org", name=f"{_NAMES[part]} {key}", language=language, password=_hash
    )
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    return person


def close_step(*, cohort: str, step: str) -> dict[str, Any]:
    Step.objects.filter(cohort_case__cohort__slug=cohort, key=step).update(closes_at=timezone.now())
    return {}


def open_step(*, cohort: str, step: str) -> dict[str, Any]:
    until = timezone.now() + timedelta(days=3)
    Step.objects.filter(cohort_case__cohort__slug=cohort, key=step).update(closes_at=until)
    return {}


def open_all_steps(*, cohort: str) -> dict[str, Any]:
    """Every step is open for three more days, and one review of another's work is asked for."""
    steps = Step.objects.with_case().filter(cohort_case__cohort__slug=cohort)
    now = timezone.now()
    steps.update(opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=3))
    Questionnaire.objects.filter(steps__in=steps).update(opens_at=now - timedelta(hours=1))
    for one in steps.filter(kind=StepKind.REVIEW):
        if found := round_of(one):
            ReviewRound.objects.filter(pk=found.pk).update(reviews_each=1)
    return {}


def let_a_minute_pass(*, cohort: str) -> dict[str, Any]:
    """What a live process does once a minute."""
    record_completions(Cohort.objects.get(slug=cohort))
    return {}


def publish_application_form(*, cohort: str) -> dict[str, Any]:
    found = Cohort.objects.get(slug=cohort)
    form = create_questionnaire(cohort=found, blueprint_key="empty", actor=None, purpose=Purpose.APPLICATION)
    draft = form.versions.get()
    draft.sections.all().delete()
    label = {"ja": "応募の動機", "en": "Motivation"}
    question = {"kind": "long_text", "key": "motivation", "label": label, "is_required": True}
    write_version(draft, {"sections": [{"questions": [question]}]})
    publish(questionnaire=form, actor=None)
    return {}


def let_complete(*, scene: dict[str, Any], parts: list[str]) -> dict[str, Any]:
    cohort = Cohort.objects.get(slug=scene["cohort"])
    organiser = Person.objects.get(email=scene["people"]["organiser"])
    complete(cohort, [scene["people"][part] for part in parts])
    make_for_completing(cohort, organiser)
    return {}


def complete(cohort: Cohort, addresses: list[str]) -> None:
    """By the organiser's hand."""
    learners = cohort.enrolments.filter(person__email__in=addresses, role=Role.LEARNER)
    learners.update(state=EnrolmentState.COMPLETED)
    record_completions(cohort)
