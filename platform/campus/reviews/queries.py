"""Reads of rounds, shares, works and reviews, in a bounded number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from campus.cases.models import Step
from campus.cohorts.models import Cohort, Enrolment
from campus.deliverables.models import Deliverable
from campus.people.models import Person
from campus.reviews.decisions import Stage
from campus.reviews.models import Appeal, Assignment, Reception, ReviewRound, Share, Work
from campus.reviews.results import Shown, shown_result
from campus.reviews.rounds import AFTERWARDS
from campus.teams.models import Membership, TeamKind


def works_of(enrolment: Enrolment) -> Q:
    """Selects the works that are the learner's own: alone, or of the project team she is in now."""
    teams = Membership.objects.current().filter(enrolment=enrolment, kind=TeamKind.PROJECT).values("team")
    return Q(enrolment=enrolment) | Q(team__in=teams)


def work_of(round: ReviewRound, enrolment: Enrolment) -> Work | None:
    """The learner's own work in the round."""
    found = round.works.filter(works_of(enrolment)).select_related("deliverable", "team", "enrolment__person")
    work = found.first()
    if work:
        work.round = round
    return work


def authors_of(work: Work) -> list[Enrolment]:
    """Who made the work: the enrolment, or the present members of the team."""
    enrolments = Enrolment.objects.select_related("person")
    if work.team_id:
        members = Membership.objects.current().filter(team=work.team_id).values("enrolment")
        return list(enrolments.filter(pk__in=members))
    return list(enrolments.filter(pk=work.enrolment_id or 0))


def is_author(person: Person, work: Work) -> bool:
    if work.team_id:
        members = Membership.objects.current().filter(team=work.team_id, enrolment__person=person)
        return members.exists()
    return Enrolment.objects.filter(pk=work.enrolment_id or 0, person=person).exists()


def given_count(round: ReviewRound, enrolment: Enrolment) -> int:
    return Assignment.objects.given().filter(share__round=round, share__enrolment=enrolment).count()


def is_unlocked(round: ReviewRound, enrolment: Enrolment) -> bool:
    """Whether the learner may see what others wrote about her work: once her own reviews are in, or she was let off."""
    share = Share.objects.filter(round=round, enrolment=enrolment).first()
    if share is None:
        return False
    share.round = round
    return given_count(round, enrolment) >= share.owes


def own_assignments(share: Share) -> QuerySet[Assignment]:
    """What the reviewer has, had and gave; what was moved before she began it is none of her concern."""
    mine = Assignment.objects.with_all().filter(share=share).exclude(stage=Stage.ENDED, begun_at=None)
    return mine.select_related("review__reception").order_by("assigned_at", "pk")


def reviews_of(work: Work) -> QuerySet[Assignment]:
    """The given reviews of a work in the order in which they came, with the author's word on each."""
    given = work.assignments.given().select_related("review__reception", "share__enrolment__person")
    return given.order_by("given_at", "pk")


def ratings_of(share: Share) -> list[int]:
    """What authors thought of the reviews that she gave: the quality of her part."""
    rated = Reception.objects.filter(review__assignment__share=share, rating__isnull=False)
    return [rating for rating in rated.values_list("rating", flat=True) if rating]


def results_of(deliverable: Deliverable) -> Shown | None:
    """What the peers' reviews say together about this owner's work, with an interval; None before the first one.

    Means by criterion and overall, in points of the rubric.
    """
    owner = Q(team=deliverable.team_id) if deliverable.team_id else Q(team=None, enrolment=deliverable.enrolment_id)
    work = (
        Work.objects.filter(owner, round__judged=deliverable.step_id)
        .select_related("round__judged__cohort_case__case_version")
        .first()
    )
    return shown_result(work) if work else None


def given_by(step: Step, enrolments: Collection[int] | None = None) -> dict[int, int]:
    """How many reviews each learner gave in the review step, by enrolment id; one query. None asks for everybody."""
    rows = Assignment.objects.given().filter(share__round__step=step)
    if enrolments is not None:
        rows = rows.filter(share__enrolment__in=enrolments)
    return dict(rows.order_by().values_list("share__enrolment").annotate(count=Count("pk")))


def counted_by_step(enrolment: int) -> dict[int, int]:
    """How many reviews the learner gave in each review step, by step id, without those set aside; one query."""
    rows = Assignment.objects.counted().filter(share__enrolment=enrolment).order_by()
    return dict(rows.values_list("share__round__step").annotate(count=Count("pk")))


def received_by(step: Step, enrolments: Collection[int] | None = None) -> dict[int, int]:
    """How many reviews each learner's work received, by enrolment id; a team's count for each present member."""
    works = Work.objects.filter(round__step=step).annotate(
        count=Count("assignments", filter=Q(assignments__stage=Stage.GIVEN))
    )
    found: dict[int, int] = {}
    by_team: dict[int, int] = {}
    for enrolment, team, count in works.values_list("enrolment", "team", "count"):
        if team:
            by_team[team] = count
        else:
            found[enrolment] = count
    members: Iterable[tuple[int, int]] = (
        Membership.objects.current().filter(team__in=by_team).values_list("enrolment", "team") if by_team else ()
    )
    found |= {enrolment: by_team[team] for enrolment, team in members}
    return found if enrolments is None else {one: found.get(one, 0) for one in enrolments}


# --- several rounds at once, for pages that show more than reviews ---


@dataclass(frozen=True)
class ReviewsToGive:
    """A learner's part in a round. owes: how many the step asks for; favours come on top of them."""

    step_id: int
    given: int
    owes: int
    begun: int
    waiting: int

    @property
    def open(self) -> int:
        return self.begun + self.waiting


def reviews_to_give(enrolments: Iterable[Enrolment]) -> dict[int, list[ReviewsToGive]]:
    """By enrolment id, in every round in which the learner has a part; one query."""
    mine = Share.objects.filter(enrolment__in=enrolments).select_related("round").order_by("round__step__closes_at")
    counted = mine.annotate(
        given=Count("assignments", filter=Q(assignments__stage=Stage.GIVEN)),
        begun=Count("assignments", filter=Q(assignments__stage=Stage.BEGUN)),
        waiting=Count("assignments", filter=Q(assignments__stage=Stage.ASSIGNED)),
    )
    found: dict[int, list[ReviewsToGive]] = defaultdict(list)
    for share in counted:
        one = ReviewsToGive(share.round.step_id, share.given, share.owes, share.begun, share.waiting)
        found[share.enrolment_id].append(one)
    return dict(found)


@dataclass(frozen=True)
class RoundAtWork:
    """How a round goes, in the few figures that tell whether somebody has to do something."""

    pk: int
    step: Step
    works: int
    starved: int
    open: int
    appeals: int


def rounds_at_work(cohort: Cohort, now: datetime) -> list[RoundAtWork]:
    """The rounds in which reviews are given now, and those with appeals to decide; four queries."""
    opened = ReviewRound.objects.filter(step__cohort_case__cohort=cohort, step__opens_at__lte=now)
    rounds = list(opened.select_related("step").order_by("step__closes_at", "pk"))
    given = Assignment.objects.given().filter(work=OuterRef("pk"))
    works = Work.objects.filter(round__in=rounds).annotate(is_read=Exists(given)).values_list("round").order_by()
    by_round = {pk: (all_, starved) for pk, all_, starved in works.annotate(Count("pk"), starved=_unread())}
    waiting = Assignment.objects.open().filter(share__round__in=rounds).values_list("share__round").order_by()
    appeals = Appeal.objects.filter(work__round__in=rounds, decided_at=None).values_list("work__round").order_by()
    is_open, asked = dict(waiting.annotate(Count("pk"))), dict(appeals.annotate(Count("pk")))
    found = [
        RoundAtWork(one.pk, one.step, *by_round.get(one.pk, (0, 0)), is_open.get(one.pk, 0), asked.get(one.pk, 0))
        for one in rounds
    ]
    return [one for one in found if one.appeals or one.open or now < one.step.closes_at + AFTERWARDS]


def _unread() -> Count:
    return Count("pk", filter=Q(is_read=False))
