"""What changes a cohort, each with its trace in the audit log."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from campus.cohorts.models import AuditEntry, Cohort, Enrolment
from campus.people.models import Person


def record_audit(
    *, action: str, subject: str, actor: Person | None, cohort: Cohort | None, **details: Any
) -> AuditEntry:
    """Add an entry to the audit log; call it inside the transaction of what it tells."""
    return AuditEntry.objects.create(action=action, subject=subject, actor=actor, cohort=cohort, details=details)


def record_audits(
    *, action: str, subjects: Iterable[str], actor: Person | None, cohort: Cohort | None, **details: Any
) -> None:
    """Add an entry for each subject of one action in bulk, in two queries however many they are."""
    AuditEntry.objects.bulk_create(
        AuditEntry(action=action, subject=subject, actor=actor, cohort=cohort, details=details) for subject in subjects
    )


@transaction.atomic
def choose_board_name(*, enrolment: Enrolment, uses_alias: bool, actor: Person) -> None:
    """Say whether leaderboards show the learner's nickname or name; takes effect on every board at once."""
    if enrolment.uses_alias == uses_alias:
        return
    enrolment.uses_alias = uses_alias
    enrolment.save(update_fields=["uses_alias"])
    record_audit(
        action="enrolment.board_name_chosen",
        subject=f"enrolment:{enrolment.pk}",
        actor=actor,
        cohort=enrolment.cohort,
        uses_alias=uses_alias,
    )
