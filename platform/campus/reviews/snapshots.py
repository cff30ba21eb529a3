"""What the decisions see of a round: all of it, or what lies around one hand-in; each in a fixed number of queries.

Rows are read as tuples: a round of 2,000 people has 6,000 assignments, and models of them cost most of a second.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from campus.cases.deadlines import deadlines_of
from campus.cohorts.models import TAKES_PART, EnrolmentState, Role
from campus.reviews.decisions import EndReason, Link, Party, Stage
from campus.reviews.decisions import Work as Wanted
from campus.reviews.models import Assignment, ReviewRound, Share, Work
from campus.teams.models import Membership

# Around one hand-in: so many reviewers with time, works that lack some, and pairs that could be exchanged.
NEAR = 40
EXCHANGEABLE = 120
COUNTED = [Stage.ASSIGNED, Stage.BEGUN, Stage.GIVEN]


@dataclass(frozen=True)
class Snapshot:
    """Works, people, and who has or had what."""

    works: list[Wanted]
    parties: list[Party]
    links: list[Link]


@dataclass(frozen=True)
class _Holder:
    """A share with what decides about it; where deadlines are asked for, it stands for its enrolment (``pk``)."""

    share: int
    pk: int
    cohort_id: int
    active_at: datetime | None
    takes_extras: bool
    is_excused: bool
    has_left: bool


_Holders = Mapping[int, _Holder]  # by enrolment
_Authors = Mapping[int, list[int]]  # enrolments by work


def whole(round: ReviewRound, works: Collection[Work], *, now: datetime) -> Snapshot:
    """The round as it is, with a share for everybody who has handed in."""
    authors = _authors_of(works)
    handed_in = _flat(authors)
    _make_shares(round, handed_in)
    holders = _holders(round)
    return Snapshot(
        _wanted(round, works, authors, holders), _parties(round, holders, handed_in, now=now), links_of(round)
    )


def around(round: ReviewRound, fresh: Collection[Work], *, now: datetime) -> Snapshot:
    """As much of the round as it takes to find reviewers for these works, and reviews for their authors.

    Whatever was ever made of its works, and of its people who have time, is in it. Who else holds one of the works
    is given nothing new: what she has not begun may be exchanged.
    """
    newcomers = _flat(_authors_of(fresh))
    _make_shares(round, newcomers)
    takers = {*round.shares.filter(enrolment__in=newcomers).values_list("pk", flat=True), *_with_time(round)}
    held = Assignment.objects.open().filter(share__in=takers).values_list("work", flat=True)
    near = {work.pk for work in fresh} | {*held, *_lacking(round), *_exchangeable(round)}
    works = round.works.defer("result").filter(pk__in=near)
    authors, links = _authors_of(works), links_of(round, Q(share__in=takers) | Q(work__in=near))
    concerned = takers | {link.reviewer for link in links}
    holders = _holders(round, Q(pk__in=concerned) | Q(enrolment__in=_flat(authors)))
    owing = {one.pk for one in holders.values() if one.share in takers}
    return Snapshot(_wanted(round, works, authors, holders), _parties(round, holders, owing, now=now), links)


def links_of(round: ReviewRound, among: Q | None = None) -> list[Link]:
    """Assignments of the round, past ones too, as the decisions see them."""
    rows = Assignment.objects.filter(among or Q(), share__round=round).order_by("pk")
    fields = ("share", "work", "stage", "assigned_at", "touched_at", "ended_at", "end_reason", "is_extra")
    return [
        Link(share, work, Stage(stage), assigned, touched, ended, EndReason(reason) if reason else None, is_extra)
        for share, work, stage, assigned, touched, ended, reason, is_extra in rows.values_list(*fields)
    ]


# --- Rows of works and people ---


def _authors_of(works: Iterable[Work]) -> _Authors:
    works = list(works)
    members: dict[int, list[int]] = defaultdict(list)
    if teams := [one.team_id for one in works if one.team_id]:
        present = Membership.objects.current().filter(team__in=teams)
        for team, enrolment in present.values_list("team", "enrolment"):
            members[team].append(enrolment)
    return {one.pk: members[one.team_id] if one.team_id else [one.enrolment_id or 0] for one in works}


def _flat(authors: _Authors) -> set[int]:
    return {enrolment for some in authors.values() for enrolment in some}


def _make_shares(round: ReviewRound, enrolments: set[int]) -> None:
    known = round.shares.filter(enrolment__in=enrolments).values_list("enrolment", flat=True)
    Share.objects.bulk_create(Share(round=round, enrolment_id=one) for one in sorted(enrolments - set(known)))


def _holders(round: ReviewRound, among: Q | None = None) -> _Holders:
    own = ("pk", "enrolment", "enrolment__cohort", "active_at", "takes_extras", "excused_at")
    theirs = ("enrolment__state", "enrolment__role", "enrolment__person__is_active")
    rows = round.shares.filter(among or Q()).order_by("pk").values_list(*own, *theirs)
    return {
        enrolment: _Holder(
            share, enrolment, cohort, active, extras, excused is not None, not _takes_part(state, role, is_active)
        )
        for share, enrolment, cohort, active, extras, excused, state, role, is_active in rows
    }


def _takes_part(state: str, role: str, is_active: bool) -> bool:
    return EnrolmentState(state).takes_part and role == Role.LEARNER and is_active


def _wanted(round: ReviewRound, works: Iterable[Work], authors: _Authors, holders: _Holders) -> list[Wanted]:
    """Each work wants a share of reviews for each author who waits for them."""
    wanted = []
    for work in works:
        known = [holders[one] for one in authors[work.pk] if one in holders]
        waiting = sum(not one.has_left for one in known)
        keys = frozenset(one.share for one in known)
        wanted.append(Wanted(work.pk, keys, round.reviews_each * waiting, work.since))
    return wanted


def _parties(round: ReviewRound, holders: _Holders, owing: Collection[int], *, now: datetime) -> list[Party]:
    """Everybody with a share; ``owing``: enrolments that are given reviews, and may be asked for favours."""
    deadlines = deadlines_of([round.step], holders.values())
    parties = []
    for one in holders.values():
        gone = EndReason.LEFT if one.has_left else None
        if now >= deadlines[round.step.pk, one.pk]:
            gone = gone or EndReason.LATE
        owes = round.reviews_each if one.pk in owing and not one.is_excused else 0
        parties.append(Party(one.share, owes, gone, one.active_at, takes_extras=one.takes_extras and owes > 0))
    return parties


# --- What lies around a hand-in ---


def _with_time(round: ReviewRound) -> Collection[int]:
    """Shares of people who have handed in and owe more than they have, those who have least first."""
    counted = Q(assignments__stage__in=COUNTED, assignments__is_extra=False)
    alone = round.works.filter(team=None).values("enrolment")
    teams = round.works.filter(enrolment=None).values("team")
    together = Membership.objects.current().filter(team__in=teams).values("enrolment")
    shares = round.shares.taking_part().filter(Q(enrolment__in=alone) | Q(enrolment__in=together), excused_at=None)
    found = shares.annotate(busy=Count("assignments", counted)).filter(busy__lt=round.reviews_each)
    return list(found.order_by("busy", "pk").values_list("pk", flat=True)[:NEAR])


def _lacking(round: ReviewRound) -> Collection[int]:
    """Works with the fewest reviews given or under way; whether they want more, the decisions know."""
    counted = Q(assignments__stage__in=COUNTED)
    works = round.works.annotate(covered=Count("assignments", counted)).order_by("covered", "since", "pk")
    return list(works.values_list("pk", flat=True)[:NEAR])


def _exchangeable(round: ReviewRound) -> Collection[int]:
    """Works that somebody has not begun; first of people from whom nothing was taken yet, and lately given out."""
    moved = Assignment.objects.filter(share=OuterRef("share"), end_reason=EndReason.MOVED)
    rows = Assignment.objects.filter(share__round=round, stage=Stage.ASSIGNED, is_extra=False)
    rows = rows.filter(share__enrolment__state__in=TAKES_PART).annotate(was_moved=Exists(moved))
    found = rows.order_by("was_moved", "-assigned_at", "pk")
    return set(found.values_list("work", flat=True)[:EXCHANGEABLE])
