"""Gives out reviews: reads the round, lets `decisions.py` decide, writes what was decided. One at a time in each round.

Asked after each hand-in and each minute; asking once more changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from campus import live
from campus.cases.deadlines import deadlines_of
from campus.cohorts.models import Enrolment, EnrolmentState, Role
from campus.deliverables.models import Deliverable
from campus.notices.actions import notify
from campus.people.models import Person
from campus.reviews import notices as kinds
from campus.reviews.decisions import EndReason, Link, Party, Plan, Stage, decide
from campus.reviews.decisions import Work as Wanted
from campus.reviews.models import Assignment, ReviewRound, Share, Work
from campus.reviews.words import told_of
from campus.teams.models import Membership


def assign(round: ReviewRound, *, now: datetime | None = None) -> Plan:
    """Do what has to be done in the round now, and return it."""
    now = now or timezone.now()
    with live.atomic():
        ReviewRound.objects.select_for_update(of=("self",)).get(pk=round.pk)
        plan = look(round, now=now)
        _carry_out(round, plan, now)
    return plan


def look(round: ReviewRound, *, now: datetime) -> Plan:
    """What would have to be done now. Brings works and shares up to date with what was handed in."""
    works = _bring_in(round, now)
    snapshot = _Snapshot.of(round, works)
    return decide(snapshot.works(), snapshot.parties(now), snapshot.known_links, now=now, rules=round.rules)


def _bring_in(round: ReviewRound, now: datetime) -> list[Work]:
    """A work for each owner with a deliverable; what nobody has begun to judge follows the newest version."""
    known = {(one.enrolment_id, one.team_id): one for one in round.works.defer("result")}
    rows = Deliverable.objects.current().filter(step=round.judged).values_list("pk", "enrolment", "team")
    current: dict[tuple[int | None, int | None], int] = {
        (None, team) if team else (enrolment, None): deliverable for deliverable, enrolment, team in rows
    }
    new = [
        Work(round=round, enrolment_id=owner[0], team_id=owner[1], deliverable_id=deliverable, since=now)
        for owner, deliverable in current.items()
        if owner not in known
    ]
    changed = []
    for owner, work in known.items():
        if (newest := current.get(owner)) and newest != work.deliverable_id:
            work.deliverable_id = newest
            changed.append(work)
    Work.objects.bulk_create(new)
    Work.objects.bulk_update(changed, ["deliverable"])
    for work in changed:
        work.assignments.filter(stage=Stage.ASSIGNED).update(deliverable=work.deliverable_id)
    return [*known.values(), *new]


@dataclass
class _Snapshot:
    """The round's rows, in a fixed number of queries."""

    round: ReviewRound
    rows: list[Work]
    authors: dict[int, list[int]]  # enrolments by work
    shares: dict[int, Share]  # by enrolment
    known_links: list[Link]

    @classmethod
    def of(cls, round: ReviewRound, rows: list[Work]) -> "_Snapshot":
        members: dict[int, list[int]] = defaultdict(list)
        present = Membership.objects.current().filter(team__in=[one.team_id for one in rows if one.team_id])
        for team, enrolment in present.values_list("team", "enrolment"):
            members[team].append(enrolment)
        authors = {one.pk: members[one.team_id] if one.team_id else [one.enrolment_id or 0] for one in rows}
        shares = _shares(round, {enrolment for some in authors.values() for enrolment in some})
        return cls(round, rows, authors, shares, links_of(round))

    def works(self) -> list[Wanted]:
        each = self.round.reviews_each
        wanted = []
        for row in self.rows:
            authors = self.authors[row.pk]
            waiting = [one for one in authors if (share := self.shares.get(one)) and not _has_left(share.enrolment)]
            keys = frozenset(self.shares[one].pk for one in authors if one in self.shares)
            wanted.append(Wanted(row.pk, keys, each * len(waiting), row.since))
        return wanted

    def parties(self, now: datetime) -> list[Party]:
        shares = list(self.shares.values())
        deadlines = deadlines_of([self.round.step], [share.enrolment for share in shares])
        handed_in = {one for authors in self.authors.values() for one in authors}
        parties = []
        for share in shares:
            gone = EndReason.LEFT if _has_left(share.enrolment) else None
            if now >= deadlines[self.round.step.pk, share.enrolment_id]:
                gone = gone or EndReason.LATE
            owes = share.owes if share.enrolment_id in handed_in else 0
            parties.append(Party(share.pk, owes, gone, share.active_at, share.takes_extras and not share.excused_at))
        return parties


def links_of(round: ReviewRound) -> list[Link]:
    """All assignments of the round, past ones too, as the decisions see them; thousands of rows need no models."""
    rows = Assignment.objects.filter(share__round=round).order_by("pk")
    fields = ("share", "work", "stage", "assigned_at", "touched_at", "ended_at", "end_reason", "is_extra")
    return [
        Link(share, work, Stage(stage), assigned, touched, ended, EndReason(reason) if reason else None, is_extra)
        for share, work, stage, assigned, touched, ended, reason, is_extra in rows.values_list(*fields)
    ]


def _shares(round: ReviewRound, authors: set[int]) -> dict[int, Share]:
    """A share for each author, and those that there were already, with their enrolments."""
    known = set(round.shares.values_list("enrolment", flat=True))
    Share.objects.bulk_create(Share(round=round, enrolment_id=one) for one in sorted(authors - known))
    found = round.shares.select_related("enrolment__person").order_by("pk")
    shares = {}
    for share in found:
        share.round = round
        shares[share.enrolment_id] = share
    return shares


def _has_left(enrolment: Enrolment) -> bool:
    takes_part = EnrolmentState(enrolment.state).takes_part and enrolment.person.is_active
    return not takes_part or enrolment.role != Role.LEARNER


def _carry_out(round: ReviewRound, plan: Plan, now: datetime) -> None:
    if plan.is_empty:
        return
    _end(plan, now)
    made = _begin(plan, now)
    people = {share.pk: share.enrolment for share in round.shares.select_related("enrolment__person")}
    whose = {pair[0] for pair in (*plan.gives, *plan.extras)} | {link.reviewer for link, _ in plan.ends}
    live.touch_each("reviews", {f"enrolment:{people[share].pk}": {} for share in sorted(whose)})
    live.touch(f"reviews:{round.pk}")
    _tell(round, kinds.ASSIGNED, [people[one.share_id].person for one in made if not one.is_extra], now)
    _tell(round, kinds.EXTRA, [people[one.share_id].person for one in made if one.is_extra], now)
    idle = {link.reviewer for link, reason in plan.ends if reason is EndReason.IDLE}
    _tell(round, kinds.PASSED_ON, [people[share].person for share in sorted(idle)], now)


def _end(plan: Plan, now: datetime) -> None:
    by_reason: dict[EndReason, list[tuple[int, int]]] = defaultdict(list)
    for link, reason in plan.ends:
        by_reason[reason].append(link.pair)
    for reason, pairs in by_reason.items():
        wanted = set(pairs)
        rows = Assignment.objects.open().filter(share__in={share for share, _ in pairs})
        ids = [pk for pk, share, work in rows.values_list("pk", "share", "work") if (share, work) in wanted]
        Assignment.objects.filter(pk__in=ids).update(stage=Stage.ENDED, ended_at=now, end_reason=reason)


def _begin(plan: Plan, now: datetime) -> list[Assignment]:
    newest = dict(
        Work.objects.filter(pk__in={work for _, work in (*plan.gives, *plan.extras)}).values_list("pk", "deliverable")
    )
    return Assignment.objects.bulk_create(
        Assignment(share_id=share, work_id=work, deliverable_id=newest[work], is_extra=is_extra, assigned_at=now)
        for pairs, is_extra in ((plan.gives, False), (plan.extras, True))
        for share, work in pairs
    )


def _tell(round: ReviewRound, kind: kinds.Kind, people: Iterable[Person], now: datetime) -> None:
    told = {person.pk: person for person in people}
    if told:
        notify(
            kind=kind.name,
            to=told.values(),
            context=told_of(round),
            url=round.path(),
            key=f"reviews:{round.pk}:{kind.name}:{now:%Y%m%dT%H%M}",
        )
