"""Reads of the queue, reviews and comments, in a bounded number of queries."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from django.db.models import Count, F, FilteredRelation, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from campus.cases.hand_ins import Epoch
from campus.cases.models import Step, StepKind
from campus.cohorts.models import Cohort, Enrolment, Role
from campus.deliverables.models import Deliverable, DeliverableQuerySet
from campus.mentoring.models import USUAL_MOST, USUAL_PERCENT, Comment, Conflict, Load, MentorReview, Phrase, Sampling
from campus.mentoring.queue import Candidate, Peers, Place, in_order
from campus.mentoring.rules import conflicts_of
from campus.people.models import Person
from campus.reviews.models import ReviewRound, Work
from campus.reviews.rubrics import Rubric
from campus.submissions.models import Owner as WorkOwner
from campus.teams.models import Membership

# A draft that nobody touched for so long no longer keeps the work from other mentors.
TAKEN_FOR = timedelta(days=7)
# Who is the owner: the team's id and None, or None and the enrolment's.
Owner = tuple[int | None, int | None]


class Waiting(NamedTuple):
    """A work in the queue, as much of it as says where it stands; pages read the rest of those they show."""

    place: Place
    step_id: int
    number: int
    days: int

    @property
    def pk(self) -> int:
        """Of the deliverable."""
        return self.place.key

    @property
    def handed_in_at(self) -> datetime:
        return self.place.candidate.handed_in_at


class Entry(NamedTuple):
    """A work in the queue as pages show it."""

    place: Place
    days: int
    deliverable: Deliverable

    def __str__(self) -> str:
        return self.deliverable.owner_name

    @property
    def pk(self) -> int:
        return self.deliverable.pk


def owner_of(team: int | None, enrolment: int | None) -> Owner:
    return (team, None) if team else (None, enrolment)


def queue_for(person: Person, cohort: Cohort, *, now: datetime | None = None) -> list[Waiting]:
    """What waits for a mentor, without what the person has a conflict with: all projects, and sampled single works.

    Judged already, or in another mentor's hands, is out of it; a later version of it is in again.
    """
    now = now or timezone.now()
    steps = judged_steps(cohort)
    rows = {row.pk: row for row in _waiting(person, cohort, steps, now)}
    return [
        Waiting(place, rows[place.key].step_id, rows[place.key].number, (now - place.candidate.handed_in_at).days)
        for place in in_order(_candidates(rows.values(), steps), now=now)
    ]


def entries_of(waiting: Sequence[Waiting]) -> list[Entry]:
    """These works of the queue as pages show them; one query."""
    works = Deliverable.objects.with_owner().select_related("step").defer("text", "ai_use")
    by_pk = works.in_bulk([one.pk for one in waiting])
    return [Entry(one.place, one.days, by_pk[one.pk]) for one in waiting if one.pk in by_pk]


def judged_steps(cohort: Cohort) -> list[Step]:
    """Steps whose hand-ins people judge."""
    steps = Step.objects.with_case().filter(cohort_case__cohort=cohort, kind=StepKind.TEXT)
    return list(steps.order_by("cohort_case__position", "cohort_case__slug", "position"))


def _not_judged(person: Person, cohort: Cohort, steps: Sequence[Step], now: datetime) -> DeliverableQuerySet:
    """Works that nobody has reviewed or has in hand, without those that the person must not judge."""
    settled = Q(released_at__isnull=False) | Q(saved_at__gt=now - TAKEN_FOR) & ~Q(mentor__person=person)
    taken = MentorReview.objects.filter(settled, deliverable__step__in=steps).values("deliverable")
    works = Deliverable.objects.current().filter(step__in=steps).exclude(pk__in=taken)
    closed = Deliverable.objects.filter(conflicts_of(person, cohort)).values("pk")
    return works.exclude(pk__in=closed)


class _Row(NamedTuple):
    """What is read of every work. A step may have thousands, so neither texts nor the people behind them."""

    pk: int
    step_id: int
    enrolment_id: int
    team_id: int | None
    number: int
    is_late: bool
    handed_in: float


def _waiting(person: Person, cohort: Cohort, steps: Sequence[Step], now: datetime) -> Iterable[_Row]:
    found = _not_judged(person, cohort, steps, now).order_by().annotate(handed_in=Epoch("handed_in_at"))
    percent = percents(steps)
    rows = map(_Row._make, found.values_list(*_Row._fields))
    return (one for one in rows if one.team_id or is_sampled(one.step_id, one.enrolment_id, percent[one.step_id]))


def waiting_count(person: Person, cohort: Cohort) -> int:
    """How long the queue is; three queries, and no work is read."""
    steps = judged_steps(cohort)
    percent = percents(steps)
    rows = (
        _not_judged(person, cohort, steps, timezone.now()).order_by().values_list("step_id", "enrolment_id", "team_id")
    )
    return sum(bool(team) or is_sampled(step, one, percent[step]) for step, one, team in rows)


def answers_to(mentor: Enrolment, since: datetime) -> QuerySet[Comment]:
    """What owners have answered in the mentor's threads since then, the latest first."""
    answers = Comment.objects.filter(parent__isnull=False, review__mentor=mentor, written_at__gt=since)
    whole = answers.select_related(
        "review__deliverable__team", "review__deliverable__enrolment__person", "review__deliverable__step"
    )
    return whole.exclude(author=mentor.person_id).order_by("-written_at", "-pk")


def drafts_of(mentor: Enrolment) -> QuerySet[MentorReview]:
    """The reviews that the mentor has begun and not released, with their works."""
    mine = MentorReview.objects.filter(mentor=mentor, released_at=None)
    return mine.select_related("deliverable__step", "deliverable__team", "deliverable__enrolment__person")


def percents(steps: Iterable[Step]) -> dict[int, int]:
    """How many single works in a hundred come before mentors, by step."""
    steps = list(steps)
    chosen = dict(Sampling.objects.filter(step__in=steps).values_list("step", "percent"))
    return {step.pk: chosen.get(step.pk, USUAL_PERCENT) for step in steps}


def is_sampled(step: int, enrolment: int, percent: int) -> bool:
    """The same draw every time; a higher rate keeps who was drawn at a lower one."""
    drawn = hashlib.sha256(f"{step}:{enrolment}".encode()).digest()
    return int.from_bytes(drawn[:4], "big") % 10_000 < percent * 100


def _candidates(rows: Iterable[_Row], steps: Sequence[Step]) -> Iterable[Candidate]:
    judged_by_peers = set(ReviewRound.objects.filter(judged__in=steps).values_list("judged", flat=True))
    peers, following = peers_in(steps), _next_closes(steps)
    earlier, known = _released(steps)
    for row in rows:
        owner = owner_of(row.team_id, row.enrolment_id)
        has_peers = row.step_id in judged_by_peers
        yield Candidate(
            key=row.pk,
            handed_in_at=datetime.fromtimestamp(row.handed_in, UTC),
            is_late=row.is_late,
            peers=peers.get((row.step_id, owner), Peers()) if has_peers else None,
            next_close=following.get(row.step_id),
            earlier_reviews=earlier[row.step_id, owner],
            is_first_of_owner=owner not in known,
        )


def _released(steps: Sequence[Step]) -> tuple[Counter[tuple[int, Owner]], set[Owner]]:
    """How many reviews each owner received at each step, and who received any."""
    rows = MentorReview.objects.filter(deliverable__step__in=steps, released_at__isnull=False)
    counted = rows.values_list("deliverable__step", "deliverable__team", "deliverable__enrolment")
    earlier = Counter((step, owner_of(team, enrolment)) for step, team, enrolment in counted)
    return earlier, {owner for _step, owner in earlier}


def _next_closes(steps: Sequence[Step]) -> dict[int, datetime]:
    """The deadline of the step after each, in the same case."""
    by_case: dict[int, list[Step]] = defaultdict(list)
    cases = {step.cohort_case_id for step in steps}
    for step in Step.objects.filter(cohort_case__in=cases).order_by("position"):
        by_case[step.cohort_case_id].append(step)
    return {before.pk: after.closes_at for those in by_case.values() for before, after in pairwise(those)}


def peers_in(steps: Collection[Step]) -> dict[tuple[int, Owner], Peers]:
    """What peers' reviews say, by step and owner; one query."""
    rows = Work.objects.filter(round__judged__in=steps).values_list(
        "round__judged", "team", "enrolment", "result__overall", "appeal__asked_at", "appeal__decided_at"
    )
    return {
        (step, owner_of(team, enrolment)): _peers(overall, has_appeal=bool(asked) and not decided)
        for step, team, enrolment, overall, asked, decided in rows
    }


def _peers(overall: dict[str, Any] | None, *, has_appeal: bool) -> Peers:
    if overall is None:
        return Peers(has_appeal=has_appeal)
    return Peers(int(overall["count"]), overall["value"], overall["low"], overall["high"], has_appeal)


def peers_of(deliverable: Deliverable) -> Peers | None:
    """The same for one work; None where peers don't judge its step."""
    owner = Q(works__team=None, works__enrolment=deliverable.enrolment_id)
    if deliverable.team_id:
        owner = Q(works__team=deliverable.team_id)
    rounds = ReviewRound.objects.filter(judged=deliverable.step_id).annotate(
        own=FilteredRelation("works", condition=owner)
    )
    told = list(rounds.values_list("own__result", "own__appeal__asked_at", "own__appeal__decided_at"))
    if not told:
        return None
    result, asked, decided = next((row for row in told if row[0] is not None), told[0])
    return _peers(result and result["overall"], has_appeal=bool(asked) and not decided)


def mentor_in(person: Person, cohort: Cohort) -> Enrolment | None:
    """The person's enrolment as mentor of the cohort."""
    mine = Enrolment.objects.of(person).filter(cohort=cohort, role=Role.MENTOR)
    return mine.select_related("person", "cohort").first()


def mentors_barred_from(owner: WorkOwner) -> QuerySet[Enrolment]:
    """Mentors of the owner's cohort who must have nothing to do with it: ``rules.conflicts_of`` asked the other way."""
    members: Any = [owner.enrolment.pk]
    if owner.team:
        members = Membership.objects.current().filter(team=owner.team).values("enrolment")
    declared = Conflict.objects.filter(Q(enrolment__in=members) | Q(team=owner.team, team__isnull=False))
    themselves = Q(person__in=Enrolment.objects.filter(pk__in=members).values("person"))
    mentors = Enrolment.objects.filter(cohort=owner.enrolment.cohort_id, role=Role.MENTOR)
    return mentors.filter(Q(pk__in=declared.values("mentor")) | themselves)


def own_review(deliverable: Deliverable, mentor: Enrolment | None) -> MentorReview | None:
    found = MentorReview.objects.filter(deliverable=deliverable, mentor=mentor).first() if mentor else None
    if found and mentor:
        found.deliverable, found.mentor = deliverable, mentor  # Known already, so they are not read again.
    return found


def most_open(mentor: Enrolment) -> int:
    load = Load.objects.filter(mentor=mentor).first()
    return load.most if load else USUAL_MOST


def open_count(mentor: Enrolment) -> int:
    """How many reviews the mentor has begun and not released."""
    return MentorReview.objects.filter(mentor=mentor, released_at=None).count()


def threads_of(reviews: Iterable[MentorReview]) -> QuerySet[Comment]:
    """The comments that begin a thread, with their answers; open ones first."""
    roots = Comment.objects.filter(review__in=reviews, parent=None).select_related("author", "resolved_by")
    return roots.prefetch_related("answers__author").order_by(F("resolved_at").asc(nulls_first=True), "pk")


def feedback_on(deliverable: Deliverable) -> QuerySet[MentorReview]:
    """Released reviews of any version of the owner's work at the step, the latest first."""
    rows = MentorReview.objects.filter(deliverable__step=deliverable.step_id, released_at__isnull=False)
    owner = Q(deliverable__team=deliverable.team_id)
    if deliverable.team_id is None:
        owner = Q(deliverable__team=None, deliverable__enrolment=deliverable.enrolment_id)
    return rows.filter(owner).select_related("mentor__person", "deliverable").order_by("-released_at")


def marks_of(review: MentorReview, rubric: Rubric) -> list[dict[str, Any]]:
    """Each criterion with the level that the mentor chose, and what she wrote there."""
    levels = {(one.key, level.points): level for one in rubric for level in one.levels}
    return [
        {"criterion": one, "level": levels.get((one.key, review.marks[one.key])), "text": review.comments.get(one.key)}
        for one in rubric
        if one.key in review.marks
    ]


def phrases_for(person: Person, cohort: Cohort) -> QuerySet[Phrase]:
    """The person's own and the cohort's."""
    return Phrase.objects.filter(Q(owner=person) | Q(owner=None), cohort=cohort).order_by(
        F("owner").asc(nulls_last=True), "pk"
    )


def mentors_of(cohort: Cohort) -> QuerySet[Enrolment]:
    """All mentors of the cohort with ``begun`` and ``released`` reviews, and ``most``: how many they may have begun."""
    mentors = Enrolment.objects.taking_part().filter(cohort=cohort, role=Role.MENTOR).select_related("person")
    return mentors.annotate(
        begun=Count("mentor_reviews", filter=Q(mentor_reviews__released_at=None)),
        released=Count("mentor_reviews", filter=Q(mentor_reviews__released_at__isnull=False)),
        most=Coalesce("mentor_load__most", USUAL_MOST),
    ).order_by("person__name", "pk")
