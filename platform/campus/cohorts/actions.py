"""What changes a cohort, each with its trace in the audit log."""

from typing import Any

from campus.cohorts.models import AuditEntry, Cohort
from campus.people.models import Person


def record_audit(
    *, action: str, subject: str, actor: Person | None, cohort: Cohort | None, **details: Any
) -> AuditEntry:
    """Add an entry to the audit log; call it inside the transaction of what it tells."""
    return AuditEntry.objects.create(action=action, subject=subject, actor=actor, cohort=cohort, details=details)
