"""What other apps and the pages ask about forms and answers."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from campus.cohorts.models import Cohort
from campus.people.models import Person
from campus.questionnaires.models import Purpose, Questionnaire, Response, Version


def questionnaire_in(cohort: Cohort, pk: int) -> Questionnaire | None:
    """The cohort's form with its versions."""
    found = cohort.questionnaires.prefetch_related("versions").filter(pk=pk).first()
    if found:
        found.cohort = cohort
    return found


def published_of(cohort: Cohort, purpose: Purpose) -> Questionnaire | None:
    """The latest published form of this purpose: the application form for the application page."""
    published = cohort.questionnaires.filter(purpose=purpose, versions__published_at__isnull=False)
    return published.prefetch_related("versions").order_by("-pk").first()


def response_of(person: Person, questionnaire: Questionnaire) -> Response | None:
    """What the person did with the form; ``draft`` as typed, ``is_submitted``, ``answers`` in force."""
    found = questionnaire.responses.filter(person=person).select_related("version").first()
    if found:
        found.questionnaire = questionnaire
    return found


def is_complete(person: Person, questionnaire: Questionnaire) -> bool:
    """Whether the person has submitted the form."""
    return questionnaire.responses.filter(person=person, submitted_at__isnull=False).exists()


@dataclass(frozen=True)
class FormForPerson:
    """A form that somebody is asked to answer, and what they did with it."""

    questionnaire: Questionnaire
    response: Response | None

    @property
    def is_owed(self) -> bool:
        """Whether it can be answered now and was not yet."""
        return self.questionnaire.is_open and not (self.response and self.response.is_submitted)


def forms_for(person: Person, cohort: Cohort) -> list[FormForPerson]:
    """The cohort's forms that the person may answer or has answered, those still owed first."""
    own = {one.questionnaire_id: one for one in Response.objects.filter(person=person, questionnaire__cohort=cohort)}
    found = []
    for questionnaire in cohort.questionnaires.prefetch_related("versions").order_by("closes_at", "pk"):
        questionnaire.cohort = cohort
        is_theirs = questionnaire.is_open or questionnaire.pk in own
        if is_theirs and person.has_perm("questionnaires.answer", questionnaire):
            found.append(FormForPerson(questionnaire, own.get(questionnaire.pk)))
    return sorted(found, key=lambda one: not one.is_owed)


def owed_by(person: Person, cohorts: Collection[Cohort]) -> dict[int, list[Questionnaire]]:
    """Open forms that a learner of these cohorts has not submitted yet, by cohort; in one query."""
    before = [purpose for purpose in Purpose if purpose.is_before_enrolment]
    done = Response.objects.filter(person=person, submitted_at__isnull=False).values("questionnaire")
    asked = Questionnaire.objects.filter(cohort__in=cohorts).exclude(purpose__in=before).exclude(pk__in=done)
    found: dict[int, list[Questionnaire]] = {cohort.pk: [] for cohort in cohorts}
    for questionnaire in asked.filter(_open_at(timezone.now())).order_by("closes_at", "pk"):
        found[questionnaire.cohort_id].append(questionnaire)
    return found


def _open_at(now: datetime) -> Q:
    """As ``Questionnaire.is_open``, without reading versions."""
    published = Version.objects.filter(questionnaire=OuterRef("pk"), published_at__isnull=False)
    has_opened, is_over = Q(opens_at=None) | Q(opens_at__lte=now), Q(closes_at__lte=now)
    return Q(Exists(published)) & has_opened & ~is_over


def submitted(questionnaires: Iterable[Questionnaire | int]) -> QuerySet[Response]:
    """Submitted responses to these forms; ``values_list("person", "questionnaire", "submitted_at")`` for progress."""
    return Response.objects.filter(questionnaire__in=questionnaires, submitted_at__isnull=False)
