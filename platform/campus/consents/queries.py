"""Who has agreed to what, and who still has to be asked."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Prefetch, Q, QuerySet, Subquery

from campus.cohorts.enrolments import may_withdraw_oneself
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role
from campus.consents.models import Consent, ConsentAnswer, ConsentItem, ConsentVersion, Kind
from campus.people.models import Person

LEARNERS_FIRST = ExpressionWrapper(Q(role=Role.LEARNER), BooleanField()).desc()
# Learners who have finished, paused or left are asked for nothing new.
ASKED = (EnrolmentState.SELECTED, EnrolmentState.ACTIVE)
# Applicants have nothing to agree to yet.
LISTED = [state for state in EnrolmentState if state != EnrolmentState.APPLIED]


def _current_version_of(cohort: str) -> Subquery:
    versions = ConsentVersion.objects.published().filter(cohort=OuterRef(cohort)).order_by("-number")
    return Subquery(versions.values("pk")[:1])


def with_current_answer(enrolments: QuerySet[Enrolment]) -> QuerySet[Any]:
    """Add ``current_version`` and ``has_answered`` (it), for what an enrolment's cohort asks now."""
    answers = ConsentAnswer.objects.filter(enrolment=OuterRef("pk"), version=OuterRef("current_version"))
    return enrolments.annotate(current_version=_current_version_of("cohort")).annotate(has_answered=Exists(answers))


def welcomed(person: Person, cohort: Cohort) -> Enrolment | None:
    """The enrolment for which the person has to pass the welcome page: not begun yet, or owing an answer."""
    mine = with_current_answer(Enrolment.objects.filter(person=person, cohort=cohort, person__is_active=True))
    owes_answer = Q(state=EnrolmentState.ACTIVE, role=Role.LEARNER, current_version__isnull=False, has_answered=False)
    # A learner's comes first: others have nothing to agree to.
    return mine.filter(Q(state=EnrolmentState.SELECTED) | owes_answer).order_by(LEARNERS_FIRST).first()


def asked_version(enrolment: Enrolment) -> ConsentVersion | None:
    """The version that the enrolment still has to answer, with its items."""
    if enrolment.role != Role.LEARNER or enrolment.state not in ASKED:
        return None
    version = ConsentVersion.objects.prefetch_related("items").current(enrolment.cohort)
    if version is None or version.answers.filter(enrolment=enrolment).exists():
        return None
    return version


def latest_answer(enrolment: Enrolment) -> ConsentAnswer | None:
    """The answer that counts: to the latest version that the learner has answered."""
    return enrolment.consent_answers.order_by("-version__number").first()


def keys_agreed_to(enrolment: Enrolment) -> set[str]:
    """Keys of what the learner agrees to now."""
    answer = latest_answer(enrolment)
    return set(answer.consents.in_force().values_list("item__key", flat=True)) if answer else set()


def has_consented(enrolment: Enrolment, kind: Kind) -> bool:
    """Whether the learner agrees to this kind of item now."""
    return consented_to(Enrolment.objects.filter(pk=enrolment.pk), kind).exists()


def consented_to(enrolments: QuerySet[Enrolment], kind: Kind) -> QuerySet[Enrolment]:
    """The enrolments whose latest answer agrees to this kind of item, and has not been taken back."""
    agreed = Consent.objects.in_force().filter(answer=OuterRef("latest_answer"), item__kind=kind)
    return enrolments.annotate(latest_answer=_latest("pk")).filter(Exists(agreed))


def _latest(value: str) -> Subquery:
    answers = ConsentAnswer.objects.filter(enrolment=OuterRef("pk")).order_by("-version__number")
    return Subquery(answers.values(value)[:1])


def answers_of_cohort(cohort: Cohort) -> QuerySet[Any]:
    """Every learner who was chosen, with the latest answer: its version, its time, and the keys agreed to now."""
    learners = Enrolment.objects.filter(cohort=cohort, role=Role.LEARNER, state__in=LISTED)
    agreed = Consent.objects.in_force().filter(answer=OuterRef("latest_answer")).values("item__key")
    return (
        with_current_answer(learners)
        .select_related("person__profile", "study_class")
        .annotate(
            latest_answer=_latest("pk"),
            answered_version=_latest("version__number"),
            answered_at=_latest("answered_at"),
        )
        .annotate(agreed=ArraySubquery(agreed))
    )


@dataclass(frozen=True)
class OwnItem:
    """An item as its learner sees it on the account page, with all that happened to it."""

    answer: ConsentAnswer
    item: ConsentItem
    history: list[Consent]

    @property
    def in_force(self) -> Consent | None:
        return next((one for one in self.history if one.withdrawn_at is None), None)

    @property
    def may_change(self) -> bool:
        """What is required ends with taking part; what is not, one may take back and give at any time."""
        return not self.item.is_required

    @property
    def may_leave(self) -> bool:
        """Whether the person can end what is required by leaving the cohort themselves."""
        return may_withdraw_oneself(self.answer.enrolment)


def own_answers(person: Person) -> list[tuple[ConsentAnswer, list[OwnItem]]]:
    """All that the person was asked and answered, the latest first; earlier versions of a cohort after newer ones."""
    items = Prefetch("version__items", queryset=ConsentItem.objects.order_by("position", "pk"))
    consents = Prefetch("consents", queryset=Consent.objects.order_by("given_at"))
    answers = ConsentAnswer.objects.filter(enrolment__person=person).select_related("version__cohort", "enrolment")
    return [
        (answer, _items_of(answer)) for answer in answers.prefetch_related(items, consents).order_by("-answered_at")
    ]


def _items_of(answer: ConsentAnswer) -> list[OwnItem]:
    given = list(answer.consents.all())
    return [
        OwnItem(answer, item, [one for one in given if one.item_id == item.pk]) for item in answer.version.items.all()
    ]
