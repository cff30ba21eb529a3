"""The rule of a cohort's completion, and recording who has met it."""

from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campus import live
from campus.cohorts.actions import record_audit, record_audits
from campus.cohorts.enrolments import change_states
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role
from campus.people.models import Person
from campus.progress.completion import rule_of, standings
from campus.progress.models import Completion, CompletionRule


@transaction.atomic
def save_rule(
    *,
    cohort: Cohort,
    demands: Mapping[str, str],
    helpful_posts: int,
    based_on: int,
    actor: Person | None,
    reviews_needed: int | None = None,
) -> CompletionRule:
    """Let a new rule hold from now on; the earlier ones stay as history.

    Raises ValidationError where somebody else has saved one since the rule of number ``based_on`` was read.
    """
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    before = rule_of(cohort)
    if before.number != based_on:
        raise ValidationError(
            _("Somebody else has changed the rule in the meantime. Look at the effect again, then save.")
        )
    changed = sorted(key for key in {*demands, *before.demands} if demands.get(key) != before.demands.get(key))
    counts = {"helpful_posts": helpful_posts, "reviews_needed": reviews_needed}
    if before.number and not changed and all(getattr(before, name) == count for name, count in counts.items()):
        return before
    rule = CompletionRule.objects.create(
        cohort=cohort, number=based_on + 1, demands=dict(demands), saved_by=actor, **counts
    )
    record_audit(
        action="completion.rule_saved",
        subject=f"cohort:{cohort.pk}",
        actor=actor,
        cohort=cohort,
        number=rule.number,
        steps=changed,
        **counts,
    )
    return rule


def record_completions(cohort: Cohort) -> int:
    """Record who has completed the cohort since the last time; returns how many met the rule.

    The organiser's hand comes first: who was set back to another state is not completed by the rule again, and whose
    state was set to completed has completed.
    """
    with live.atomic():
        _follow_the_hand(cohort)
        rule = rule_of(cohort)
        waiting = Enrolment.objects.taking_part().filter(
            cohort=cohort, role=Role.LEARNER, state=EnrolmentState.ACTIVE, completion=None
        )
        new = [one.enrolment_id for one in standings(cohort, waiting) if one.is_complete]
        if new:
            _record(Enrolment.objects.filter(pk__in=new), rule=rule.number)
            change_states(enrolments=Enrolment.objects.filter(pk__in=new), state=EnrolmentState.COMPLETED, actor=None)
    return len(new)


def _follow_the_hand(cohort: Cohort) -> None:
    """Let the records say what organisers did to states."""
    recorded = Completion.objects.filter(enrolment__cohort=cohort)
    recorded.filter(revoked_at=None).exclude(enrolment__state=EnrolmentState.COMPLETED).update(
        revoked_at=timezone.now()
    )
    by_hand = cohort.enrolments.filter(role=Role.LEARNER, state=EnrolmentState.COMPLETED)
    recorded.exclude(revoked_at=None).filter(enrolment__in=by_hand).update(
        revoked_at=None, rule=None, kept_at=None, completed_at=timezone.now()
    )
    _record(by_hand.filter(completion=None), rule=None)


def _record(enrolments: QuerySet[Enrolment], *, rule: int | None) -> None:
    now = timezone.now()
    Completion.objects.bulk_create(
        Completion(enrolment=one, completed_at=now, rule=rule) for one in enrolments.order_by("pk")
    )


def in_question(cohort: Cohort, enrolments: Collection[int]) -> list[Enrolment]:
    """Those of the enrolments whose recorded completion today's rule and hand-ins do not bear out."""
    learners = cohort.enrolments.filter(pk__in=enrolments, state=EnrolmentState.COMPLETED)
    doubtful = [one.enrolment_id for one in standings(cohort, learners) if one.is_in_question]
    return list(cohort.enrolments.filter(pk__in=doubtful).select_related("person", "cohort").order_by("pk"))


@transaction.atomic
def keep_completions(*, cohort: Cohort, enrolments: Collection[int], actor: Person) -> int:
    """Let completions in question stand; they are not asked about again."""
    kept = in_question(cohort, enrolments)
    Completion.objects.filter(enrolment__in=kept).update(kept_at=timezone.now())
    _audit("completion.kept", kept, cohort, actor)
    return len(kept)


def take_back_completions(*, cohort: Cohort, enrolments: Collection[int], actor: Person) -> int:
    """Make learners whose completion is in question active again; they complete anew once nothing is missing."""
    with live.atomic():
        gone = in_question(cohort, enrolments)
        Completion.objects.filter(enrolment__in=gone).delete()
        _audit("completion.taken_back", gone, cohort, actor)
        change_states(enrolments=gone, state=EnrolmentState.ACTIVE, actor=actor)
    return len(gone)


def _audit(action: str, enrolments: list[Enrolment], cohort: Cohort, actor: Person) -> None:
    record_audits(action=action, subjects=[f"enrolment:{one.pk}" for one in enrolments], actor=actor, cohort=cohort)
