"""The version of a case by which a cohort is scored, held still while scores or places are written.

Whoever writes a score or a place holds the version together with all others; whoever moves the case to another
version waits for them and they for it. Taken after the owner's lock, never before.
"""

from django.db import connection

from campus.cases.models import CaseVersion, CohortCase, Step

# The first half of PostgreSQL's advisory lock; the second is the case's number.
_LOCK = 0x6361_7365


class VersionMoved(Exception):
    """The case was brought to another version since the step was read: what was measured by the old one is void."""


def hold_version(step: Step) -> bool:
    """Keep the case at its version until the transaction ends.

    False when it has moved since ``step`` was read; the step is then brought up to date.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [_LOCK, step.cohort_case_id])
    case = step.cohort_case
    now = CohortCase.objects.values_list("case_version", flat=True).get(pk=case.pk)
    if now == case.case_version_id:
        return True
    case.case_version = CaseVersion.objects.get(pk=now)
    return False


def hold_case(case: CohortCase) -> None:
    """Let nobody write a score or a place of the case until the transaction ends; then move it or leave it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, case.pk])
    case.refresh_from_db(fields=["case_version"])
