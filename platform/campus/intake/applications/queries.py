"""Applications as organisers see them: with score and answers, without a query for each."""

from typing import Any

from django.db.models import IntegerField, JSONField, OuterRef, QuerySet, Subquery
from django.utils import timezone

from campus.cohorts.models import Cohort, Enrolment, Role
from campus.intake.models import Admission, Application
from campus.people.models import Person
from campus.questionnaires.models import AnswerSet, Purpose, Questionnaire
from campus.questionnaires.queries import published_of


def admission_of(cohort: Cohort) -> Admission | None:
    """The cohort's call for applications."""
    found = Admission.objects.filter(cohort=cohort).first()
    if found:
        found.cohort = cohort
    return found


def admission_in(slug: str) -> Admission | None:
    """The call for applications by the cohort's name in addresses, for its public page."""
    return Admission.objects.select_related("cohort__programme").filter(cohort__slug=slug).first()


def open_calls(person: Person | None) -> QuerySet[Admission]:
    """The calls that are open now, without those of cohorts in which the person is a learner or has applied."""
    now = timezone.now()
    calls = Admission.objects.filter(opens_at__lte=now, closes_at__gt=now).select_related("cohort__programme")
    if person is not None:
        calls = calls.exclude(cohort__enrolments__in=Enrolment.objects.filter(person=person, role=Role.LEARNER))
    return calls.order_by("closes_at", "pk")


def application_of(person: Person, admission: Admission) -> tuple[Application | None, Enrolment | None]:
    """The person's own application, and the place as learner that they have with or without one."""
    mine = Enrolment.objects.filter(person=person, cohort=admission.cohort, role=Role.LEARNER)
    enrolment = mine.select_related("application").first()
    if enrolment is None:
        return None, None
    enrolment.person, enrolment.cohort = person, admission.cohort
    return getattr(enrolment, "application", None), enrolment


def application_form(cohort: Cohort) -> Questionnaire | None:
    """The form that applicants fill in."""
    return published_of(cohort, Purpose.APPLICATION)


def prerequisite_check(cohort: Cohort) -> Questionnaire | None:
    """The check of what applicants know already, where the cohort has one."""
    return published_of(cohort, Purpose.PREREQUISITE)


def answers_in_force(questionnaire: Questionnaire | None) -> QuerySet[AnswerSet]:
    """The current answers to a form of the applicant in the outer query."""
    return AnswerSet.objects.filter(
        is_current=True, response__questionnaire=questionnaire, response__person=OuterRef("enrolment__person")
    )


def with_score(applications: QuerySet[Application], cohort: Cohort) -> QuerySet[Any]:
    """Add ``score``, the points in the prerequisite check,; nothing where it wasn't taken."""
    score = answers_in_force(prerequisite_check(cohort)).values("score")[:1]
    return applications.annotate(score=Subquery(score, output_field=IntegerField()))


def with_answers(applications: QuerySet[Any], form: Questionnaire | None) -> QuerySet[Any]:
    """Add ``answers``, those to the application form by the keys of its questions."""
    answers = answers_in_force(form).values("answers")[:1]
    return applications.annotate(answers=Subquery(answers, output_field=JSONField()))
