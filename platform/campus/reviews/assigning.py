"""Gives out reviews: reads the round, lets `decisions.py` decide, writes what was decided. One at a time in each round.

The whole round is asked every half minute, a single hand-in at once; asking once more changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.utils import timezone

from campus import live
from campus.cohorts.models import Enrolment
from campus.deliverables.models import Deliverable
from campus.reviews import notices as kinds
from campus.reviews import snapshots
from campus.reviews.decisions import EndReason, Plan, Stage, decide
from campus.reviews.models import Assignment, AssignmentQuerySet, ReviewRound, Work
from campus.reviews.telling import tell

# Written in SQL because everything that is handed in at a deadline is given out at once; models of it take seconds.
_BEGIN = """
    INSERT INTO reviews_assignment (share_id, work_id, deliverable_id, stage, is_extra, assigned_at, end_reason)
    SELECT share, work, reviews_work.deliverable_id, %s, is_extra, %s, ''
    FROM unnest(%s::bigint[], %s::bigint[], %s::boolean[]) WITH ORDINALITY AS pairs (share, work, is_extra, nth)
    JOIN reviews_work ON reviews_work.id = work ORDER BY nth
"""


def assign(round: ReviewRound, *, now: datetime | None = None) -> Plan:
    """Do what has to be done in the round now, and return it."""
    now = now or timezone.now()
    with live.atomic():
        _lock(round)
        plan = look(round, now=now)
        _carry_out(round, plan, now)
    return plan


def admit(round: ReviewRound, deliverable: Deliverable, *, now: datetime | None = None) -> Plan:
    """Find reviewers for one hand-in, and reviews for its authors, in what lies around it: the round may be large."""
    now = now or timezone.now()
    with live.atomic():
        _lock(round)
        owner = Q(team=deliverable.team_id) if deliverable.team_id else Q(team=None, enrolment=deliverable.enrolment_id)
        found = snapshots.around(round, _bring_in(round, now, owner), now=now)
        plan = decide(found.works, found.parties, found.links, now=now, rules=round.rules)
        _carry_out(round, plan, now)
    return plan


def look(round: ReviewRound, *, now: datetime) -> Plan:
    """What would have to be done now. Brings works and shares up to date with what was handed in."""
    found = snapshots.whole(round, _bring_in(round, now), now=now)
    return decide(found.works, found.parties, found.links, now=now, rules=round.rules)


def _lock(round: ReviewRound) -> None:
    ReviewRound.objects.select_for_update(of=("self",)).get(pk=round.pk)


def _bring_in(round: ReviewRound, now: datetime, owner: Q | None = None) -> list[Work]:
    """A work for each owner with a deliverable; what nobody has begun to judge follows the newest version."""
    among = owner or Q()
    known = {(one.enrolment_id, one.team_id): one for one in round.works.filter(among).defer("result")}
    handed_in = Deliverable.objects.current().filter(among, step=round.judged)
    current: dict[tuple[int | None, int | None], int] = {
        (None, team) if team else (enrolment, None): deliverable
        for deliverable, enrolment, team in handed_in.values_list("pk", "enrolment", "team")
    }
    new = [
        Work(round=round, enrolment_id=enrolment, team_id=team, deliverable_id=deliverable, since=now)
        for (enrolment, team), deliverable in current.items()
        if (enrolment, team) not in known
    ]
    changed = []
    for key, work in known.items():
        if (newest := current.get(key)) and newest != work.deliverable_id:
            work.deliverable_id = newest
            changed.append(work)
    Work.objects.bulk_create(new)
    Work.objects.bulk_update(changed, ["deliverable"])
    for work in changed:
        work.assignments.filter(stage=Stage.ASSIGNED).update(deliverable=work.deliverable_id)
    return [*known.values(), *new]


def _carry_out(round: ReviewRound, plan: Plan, now: datetime) -> None:
    if plan.is_empty:
        return
    _resume(plan, now)
    _end(plan, now)  # After it: what was not begun may be exchanged at once.
    _begin(plan, now)
    concerned = {*plan.given_out, *(link.reviewer for link, _ in plan.ends)}
    enrolments = round.shares.filter(pk__in=concerned).order_by("pk").values_list("enrolment", flat=True)
    live.touch_each("reviews", {f"enrolment:{enrolment}": {} for enrolment in enrolments})
    live.touch(f"reviews:{round.pk}")
    _tell(round, kinds.RESUMED, {link.reviewer for link in plan.resumes}, now)
    _tell(round, kinds.ASSIGNED, {share for share, _ in plan.gives}, now)
    _tell(round, kinds.EXTRA, {share for share, _ in plan.extras}, now)
    _tell(round, kinds.PASSED_ON, {link.reviewer for link, reason in plan.ends if reason is EndReason.IDLE}, now)


def _end(plan: Plan, now: datetime) -> None:
    by_reason: dict[EndReason, list[tuple[int, int]]] = defaultdict(list)
    for link, reason in plan.ends:
        by_reason[reason].append(link.pair)
    for reason, pairs in by_reason.items():
        open_ = Assignment.objects.open()
        _among(open_, pairs).update(stage=Stage.ENDED, ended_at=now, end_reason=reason)


def _resume(plan: Plan, now: datetime) -> None:
    """Let assignments go on that a deadline ended. What is not begun follows the newest version, as in `_bring_in`."""
    if not plan.resumes:
        return
    rows = _among(Assignment.objects.filter(end_reason=EndReason.LATE), [link.pair for link in plan.resumes])
    newest = Subquery(Work.objects.filter(pk=OuterRef("work")).values("deliverable"))
    rows.filter(touched_at=None).update(deliverable=newest)
    stage = Case(When(touched_at=None, then=Value(Stage.ASSIGNED.value)), default=Value(Stage.BEGUN.value))
    rows.update(stage=stage, assigned_at=now, ended_at=None, end_reason="", reminded_at=None)


def _among(rows: AssignmentQuerySet, pairs: Iterable[tuple[int, int]]) -> AssignmentQuerySet:
    """The assignments of these shares and works."""
    wanted = set(pairs)
    found = rows.filter(share__in={share for share, _ in wanted}).values_list("pk", "share", "work")
    return Assignment.objects.filter(pk__in=[pk for pk, share, work in found if (share, work) in wanted])


def _begin(plan: Plan, now: datetime) -> None:
    pairs = [(*pair, False) for pair in plan.gives] + [(*pair, True) for pair in plan.extras]
    columns = [list(column) for column in zip(*pairs, strict=True)]
    if pairs:
        with connection.cursor() as cursor:
            cursor.execute(_BEGIN, [Stage.ASSIGNED, now, *columns])


def _tell(round: ReviewRound, kind: kinds.Kind, shares: set[int], now: datetime) -> None:
    if shares:
        told = Enrolment.objects.filter(review_shares__in=shares).select_related("person").order_by("pk")
        tell(round, kind, told, key=f"{kind.name}:{now:%Y%m%dT%H%M}")
