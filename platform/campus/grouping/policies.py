"""The sizes of groups in a cohort, and until when learners form them by themselves."""

from django.db import transaction

from campus.cohorts.actions import record_audit
from campus.cohorts.models import Cohort
from campus.grouping.models import USUAL_SIZES, Policy
from campus.people.models import Person
from campus.teams.models import TeamKind


def policy_of(cohort: Cohort, kind: TeamKind) -> Policy:
    """The cohort's policy for the kind, the usual one (not saved) where nobody has set one."""
    found = Policy.objects.filter(cohort=cohort, kind=kind).first()
    smallest, preferred, largest = USUAL_SIZES[kind]
    return found or Policy(cohort=cohort, kind=kind, smallest=smallest, preferred=preferred, largest=largest)


@transaction.atomic
def set_policy(policy: Policy, *, actor: Person | None) -> None:
    """Keep what the organiser decided."""
    policy.save()
    until = policy.self_forming_until
    record_audit(
        action="grouping.policy_set",
        subject=f"cohort:{policy.cohort_id}",
        actor=actor,
        cohort=policy.cohort,
        kind=policy.kind,
        smallest=policy.smallest,
        preferred=policy.preferred,
        largest=policy.largest,
        until=until.isoformat() if until else None,
    )
