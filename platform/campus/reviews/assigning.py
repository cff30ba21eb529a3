"""Gives out reviews: reads the round, lets `decisions.py` decide, writes what was decided. One at a time in each round.

The whole round is asked every half minute, a single hand-in at once; asking once more changes nothing.
"""

from collections import defaultdict
from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from campus import live
from campus.deliverables.models import Deliverable
from campus.notices.actions import notify
from campus.people.models import Person
from campus.reviews import notices as kinds
from campus.reviews import snapshots
from campus.reviews.decisions import EndReason, Plan, Stage, decide
from campus.reviews.models import Assignment, ReviewRound, Work
from campus.reviews.words import told_of

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
    _end(plan, now)
    _begin(plan, now)
    idle = {link.reviewer for link, reason in plan.ends if reason is EndReason.IDLE}
    given, asked = {share for share, _ in plan.gives}, {share for share, _ in plan.extras}
    concerned = given | asked | {link.reviewer for link, _ in plan.ends}
    shares = round.shares.filter(pk__in=concerned).order_by("pk").values_list("pk", "enrolment", "enrolment__person")
    person_of = {share: person for share, _enrolment, person in shares}
    live.touch_each("reviews", {f"enrolment:{enrolment}": {} for _share, enrolment, _person in shares})
    live.touch(f"reviews:{round.pk}")
    people = Person.objects.in_bulk(person_of.values())
    for kind, told in ((kinds.ASSIGNED, given), (kinds.EXTRA, asked), (kinds.PASSED_ON, idle)):
        _tell(round, kind, [people[person_of[share]] for share in sorted(told)], now)


def _end(plan: Plan, now: datetime) -> None:
    by_reason: dict[EndReason, list[tuple[int, int]]] = defaultdict(list)
    for link, reason in plan.ends:
        by_reason[reason].append(link.pair)
    for reason, pairs in by_reason.items():
        wanted = set(pairs)
        rows = Assignment.objects.open().filter(share__in={share for share, _ in pairs})
        ids = [pk for pk, share, work in rows.values_list("pk", "share", "work") if (share, work) in wanted]
        Assignment.objects.filter(pk__in=ids).update(stage=Stage.ENDED, ended_at=now, end_reason=reason)


def _begin(plan: Plan, now: datetime) -> None:
    pairs = [(*pair, False) for pair in plan.gives] + [(*pair, True) for pair in plan.extras]
    columns = [list(column) for column in zip(*pairs, strict=True)]
    if pairs:
        with connection.cursor() as cursor:
            cursor.execute(_BEGIN, [Stage.ASSIGNED, now, *columns])


def _tell(round: ReviewRound, kind: kinds.Kind, people: list[Person], now: datetime) -> None:
    if people:
        notify(
            kind=kind.name,
            to=people,
            context=told_of(round),
            url=round.path(),
            key=f"reviews:{round.pk}:{kind.name}:{now:%Y%m%dT%H%M}",
        )
