"""Deciding about applications: drafts, the announcement, and the waitlist that moves up."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone

from campus.cohorts.actions import record_audit, record_audits
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role
from campus.intake.applications.actions import about, lock_admission, page_of
from campus.intake.models import Admission, Application, ApplicationQuerySet, Decision
from campus.intake.refusals import ChangedMeanwhile, NoPlaceLeft, PlaceWasTold
from campus.notices.actions import notify
from campus.people.models import Person

SHOWN_CHANGES = 10
RESULTS = {
    Decision.SELECTED: "intake.result_selected",
    Decision.WAITLISTED: "intake.result_waitlisted",
    Decision.DECLINED: "intake.result_declined",
}


def applications_to(cohort: Cohort) -> ApplicationQuerySet:
    """All applications to the cohort, withdrawn ones too."""
    return Application.objects.filter(enrolment__cohort=cohort, enrolment__role=Role.LEARNER)


@transaction.atomic
def save_note(*, application: Application, note: str, actor: Person) -> None:
    """Keep the organisers' note about an applicant."""
    Application.objects.filter(pk=application.pk).update(note=note)
    _record("application.noted", [application.pk], actor=actor, cohort=application.enrolment.cohort)


@transaction.atomic
def decide(*, application: Application, decision: str, revision: int, actor: Person) -> None:
    """Set the draft decision of one applicant, as it was when the page with ``revision`` was made.

    Raises ChangedMeanwhile or PlaceWasTold.
    """
    cohort = application.enrolment.cohort
    lock_admission(cohort)
    current = Application.objects.select_related("decided_by", "enrolment__person").get(pk=application.pk)
    if current.is_final:
        raise PlaceWasTold
    if current.revision != revision:
        raise ChangedMeanwhile([current])
    _set_decision([current.pk], decision, actor=actor, cohort=cohort)


@transaction.atomic
def decide_many(*, cohort: Cohort, decision: str, seen: Mapping[int, int], actor: Person) -> int:
    """Set the draft decision of those who were shown, by id and revision; returns how many were changed by it.

    Who was told of a place, has withdrawn or has that decision already is passed over. Raises ChangedMeanwhile.
    """
    lock_admission(cohort)
    current = list(
        applications_to(cohort).filter(pk__in=seen).select_related("decided_by", "enrolment__person").order_by("pk")
    )
    changed = [one for one in current if seen[one.pk] != one.revision]
    if changed:
        raise ChangedMeanwhile(changed)
    wanted = [one.pk for one in current if not one.is_final and one.decision != decision]
    _set_decision(wanted, decision, actor=actor, cohort=cohort)
    return len(wanted)


def changed_since(moment: str, *, ids: Collection[int], but_not_by: Person) -> list[Application]:
    """Those that somebody else decided about since then (ISO 8601), a few of them; nothing for no moment."""
    try:
        since = datetime.fromisoformat(moment)
    except ValueError:
        return []
    if timezone.is_naive(since):
        return []
    rows = Application.objects.filter(pk__in=ids, changed_at__gt=since).exclude(decided_by=but_not_by)
    return list(rows.select_related("decided_by", "enrolment__person").order_by("-changed_at")[:SHOWN_CHANGES])


def _set_decision(ids: Collection[int], decision: str, *, actor: Person | None, cohort: Cohort) -> None:
    """Write a decision and, for the waitlist, the places at its end."""
    changes = {
        "decision": decision,
        "decided_by": actor,
        "changed_at": timezone.now(),
        "revision": F("revision") + 1,
        "waitlist_rank": None,
    }
    Application.objects.filter(pk__in=ids).update(**changes)
    if decision == Decision.WAITLISTED:
        _queue_up(ids, cohort=cohort)
    _record("application.decided", ids, actor=actor, cohort=cohort, decision=decision)


def _queue_up(ids: Collection[int], *, cohort: Cohort) -> None:
    """Put them at the end of the waitlist: the better score in the prerequisite check first, then who came first."""
    from campus.intake.applications.queries import with_score

    last = applications_to(cohort).aggregate(last=Max("waitlist_rank"))["last"] or 0
    rows = with_score(applications_to(cohort), cohort).filter(pk__in=ids)
    ordered = list(rows.order_by(F("score").desc(nulls_last=True), "submitted_at", "pk"))
    for rank, application in enumerate(ordered, start=last + 1):
        application.waitlist_rank = rank
    Application.objects.bulk_update(ordered, ["waitlist_rank"], batch_size=1000)


def _record(action: str, ids: Iterable[int], *, actor: Person | None, cohort: Cohort, **details: object) -> None:
    record_audits(action=action, subjects=[f"application:{pk}" for pk in ids], actor=actor, cohort=cohort, **details)


def announce(*, cohort: Cohort, actor: Person | None) -> int:
    """Tell everybody what was decided and they don't know yet; returns how many that were.

    Whoever is undecided stays in selection. Twice at once tells nobody twice.
    """
    with transaction.atomic():
        admission = lock_admission(cohort)
        told = _tell(applications_to(cohort).to_announce(), cohort=cohort)
        if admission.announced_at is None:
            admission.announced_at = timezone.now()
            admission.save(update_fields=["announced_at"])
        record_audit(
            action="admission.announced",
            subject=f"admission:{admission.pk}",
            actor=actor,
            cohort=cohort,
            count=told,
        )
    return told


def _tell(applications: QuerySet[Application], *, cohort: Cohort) -> int:
    """Make decisions known: enrolment, page and mail, each person exactly once for each result."""
    rows = list(applications.select_related("enrolment__person"))
    for decision, times in {(one.decision, one.times_submitted) for one in rows}:
        persons = [one.enrolment.person for one in rows if (one.decision, one.times_submitted) == (decision, times)]
        key = f"result:{cohort.pk}:{times}:{decision}"
        notify(kind=RESULTS[Decision(decision)], to=persons, context=about(cohort), url=page_of(cohort), key=key)
    selected = [one.enrolment_id for one in rows if one.decision == Decision.SELECTED]
    Enrolment.objects.filter(pk__in=selected, state=EnrolmentState.APPLIED).update(state=EnrolmentState.SELECTED)
    Application.objects.filter(pk__in=[one.pk for one in rows]).update(
        announced=F("decision"), announced_at=timezone.now(), revision=F("revision") + 1
    )
    return len(rows)


def announce_due() -> int:
    """Announce where the date has come; returns for how many cohorts."""
    due = Admission.objects.filter(announced_at=None, announces_at__lte=timezone.now()).select_related("cohort")
    return len([announce(cohort=admission.cohort, actor=None) for admission in due])


@dataclass(frozen=True)
class Places:
    """How many places there are and are taken; ``capacity`` is None where the number isn't limited."""

    capacity: int | None
    taken: int

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.taken) if self.capacity is not None else 0


def places_of(admission: Admission) -> Places:
    """Selected applicants take a place, told or not, until they withdraw."""
    return Places(admission.capacity, applications_to(admission.cohort).with_place().count())


def move_up(*, cohort: Cohort, count: int, actor: Person) -> int:
    """Give free places to the first of the waitlist and tell them at once where results are announced already.

    Raises NoPlaceLeft. Returns how many moved up.
    """
    with transaction.atomic():
        admission = lock_admission(cohort)
        if count > places_of(admission).free:
            raise NoPlaceLeft
        first = list(applications_to(cohort).waiting().values_list("pk", flat=True)[:count])
        _set_decision(first, Decision.SELECTED, actor=actor, cohort=cohort)
        if admission.announced_at:
            _tell(applications_to(cohort).filter(pk__in=first), cohort=cohort)
    return len(first)
