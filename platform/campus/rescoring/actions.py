"""Begin a rescoring, and switch to it or drop it in one step."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from campus import live
from campus.cases.models import CaseVersion, CohortCase
from campus.cohorts.actions import record_audit
from campus.people.models import Person
from campus.rescoring import measuring, shadow
from campus.rescoring.models import Rescoring, RescoringState
from campus.rescoring.queries import fits
from campus.rescoring.refusals import AlreadyOpen, CaseHasMoved, DoesNotFit, NotReady, StillMeasuring
from campus.rescoring.signals import switched
from campus.submissions.standings import refresh_standings
from campus.submissions.versions import hold_case

# So many scored since the shadow board was ready are measured on the spot, while the organiser waits.
MEASURED_ON_THE_SPOT = 500


def begin(*, case: CohortCase, to_version: CaseVersion, reason: str, actor: Person | None) -> Rescoring:
    """Start to measure the case's kept predictions by another version; raises RescoringRefused."""
    from campus.rescoring.tasks import defer_lane

    if not fits(case, to_version):
        raise DoesNotFit
    with live.atomic():
        rescoring = _created(case=case, to_version=to_version, reason=reason, actor=actor)
        rescoring.total = measuring.owed(rescoring).count()
        rescoring.save(update_fields=["total"])
        for lane in range(measuring.LANES):
            defer_lane(rescoring.pk, lane=lane)
        _audit("rescoring.begun", rescoring, actor)
    return rescoring


def _created(*, case: CohortCase, to_version: CaseVersion, reason: str, actor: Person | None) -> Rescoring:
    try:
        with transaction.atomic():
            return Rescoring.objects.create(
                case=case, from_version=case.case_version, to_version=to_version, reason=reason, started_by=actor
            )
    except IntegrityError:
        raise AlreadyOpen from None


def measure_some(rescoring_id: int, *, lane: int, after: int) -> None:
    """Measure a slice of a lane, which queues the next one; behind the last one, work out the shadow board."""
    rescoring = Rescoring.objects.select_related("case", "to_version").get(pk=rescoring_id)
    if rescoring.is_measuring and measuring.measure_slice(rescoring, lane=lane, after=after) is None:
        _finish(rescoring)


@live.atomic
def _finish(rescoring: Rescoring) -> None:
    """Work out the shadow board, unless something is still owed: the other lane's, or what was scored just now."""
    row = Rescoring.objects.select_for_update(of=("self",)).select_related("case", "to_version").get(pk=rescoring.pk)
    if not row.is_measuring or measuring.owed(row).exists():
        return
    shadow.fill(row)
    row.state, row.ready_at = RescoringState.READY, timezone.now()
    row.save(update_fields=["state", "ready_at"])
    live.touch(row.stream, "progress")


def switch(rescoring: Rescoring, *, actor: Person | None) -> None:
    """Make the shadow board the board: scores, places and the case's version change in one transaction.

    Live gradings wait for its end; one that was measured by the old version is measured once more. Raises
    RescoringRefused, and CannotMeasure for what was scored since.
    """
    from campus.rescoring.tasks import defer_telling

    _measure_what_came(rescoring)
    with live.atomic():
        row = _locked(rescoring, RescoringState.READY)
        hold_case(row.case)
        if row.case.case_version_id != row.from_version_id:
            raise CaseHasMoved
        measuring.measure_rest(row)
        shadow.fill(row)
        row.case.case_version = row.to_version
        row.case.save(update_fields=["case_version"])
        for step in shadow.graded_steps(row.case):
            refresh_standings(step)
        _end(row, RescoringState.SWITCHED, actor=actor)
        switched.send(sender=Rescoring, case=row.case)
        defer_telling(row.pk)


def _measure_what_came(rescoring: Rescoring) -> None:
    """Before others have to wait: what was scored since the shadow board was ready."""
    from campus.rescoring.tasks import defer_lane

    rescoring.refresh_from_db(fields=["state"])
    if not rescoring.is_ready:
        raise NotReady
    if measuring.owed(rescoring)[MEASURED_ON_THE_SPOT:].exists():
        with live.atomic():
            row = _locked(rescoring, RescoringState.READY)
            row.state, row.done, row.total = RescoringState.MEASURING, 0, measuring.owed(row).count()
            row.save(update_fields=["state", "done", "total"])
            for lane in range(measuring.LANES):
                defer_lane(row.pk, lane=lane)
        raise StillMeasuring
    measuring.measure_rest(rescoring)


@live.atomic
def drop(rescoring: Rescoring, *, actor: Person | None) -> None:
    """Leave everything as it is. The measured scores are kept: the same version is ready at once another time."""
    row = _locked(rescoring, RescoringState.READY, RescoringState.MEASURING, RescoringState.BROKEN)
    row.standings.all().delete()
    _end(row, RescoringState.DROPPED, actor=actor)


def _locked(rescoring: Rescoring, *states: RescoringState) -> Rescoring:
    rows = Rescoring.objects.select_for_update(of=("self",)).select_related("case", "from_version", "to_version")
    row = rows.filter(pk=rescoring.pk, state__in=states).first()
    if row is None:
        raise NotReady
    return row


def _end(row: Rescoring, state: RescoringState, *, actor: Person | None) -> None:
    row.state, row.ended_by, row.ended_at = state, actor, timezone.now()
    row.save(update_fields=["state", "ended_by", "ended_at"])
    live.touch(row.stream, "progress")
    _audit(f"rescoring.{state}", row, actor, changed=row.standings.filter(is_changed=True).count())


def _audit(action: str, rescoring: Rescoring, actor: Person | None, **details: int) -> None:
    record_audit(
        action=action,
        subject=f"rescoring:{rescoring.pk}",
        actor=actor,
        cohort=rescoring.case.cohort,
        case=rescoring.case.slug,
        before=rescoring.from_version.version,
        after=rescoring.to_version.version,
        **details,
    )
