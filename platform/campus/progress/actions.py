"""What is done for learners who need it, and when the cohort says that they do."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from campus.cohorts.actions import record_audit, record_audits
from campus.cohorts.models import Cohort, Enrolment
from campus.people.models import Person
from campus.progress.models import FollowUp, Thresholds


@transaction.atomic
def record_follow_up(
    *,
    cohort: Cohort,
    learners: Mapping[Enrolment, list[str]],
    kind: str,
    note: str,
    done_on: date,
    quiet_until: date | None,
    actor: Person,
) -> None:
    """Keep what was done for these learners, each with the keys of the reasons there were."""
    FollowUp.objects.bulk_create(
        FollowUp(
            enrolment=enrolment,
            by=actor,
            kind=kind,
            note=note,
            reasons=reasons,
            done_on=done_on,
            quiet_until=quiet_until,
        )
        for enrolment, reasons in learners.items()
    )
    record_audits(
        action="follow_up.recorded",
        subjects=[f"enrolment:{enrolment.pk}" for enrolment in learners],
        actor=actor,
        cohort=cohort,
        kind=kind,
        quiet_until=quiet_until.isoformat() if quiet_until else None,
    )


@transaction.atomic
def change_thresholds(*, thresholds: Thresholds, changed: list[str], actor: Person) -> None:
    """Keep the cohort's thresholds; ``changed`` names the fields."""
    if not changed:
        return
    thresholds.save()
    record_audit(
        action="follow_up.thresholds_changed",
        subject=f"cohort:{thresholds.cohort_id}",
        actor=actor,
        cohort=thresholds.cohort,
        **{name: getattr(thresholds, name) for name in changed},
    )
