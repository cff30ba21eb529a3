"""Which work comes first, and why: a day in the life of the queue, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from campus.mentoring.queries import is_sampled
from campus.mentoring.queue import Candidate, Factor, Peers, Why, diverges, in_order, place_of

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SURE = Peers(count=3, value=0.7, low=0.6, high=0.8)
UNSURE = Peers(count=3, value=0.5, low=0.2, high=0.9)


def work(key: int, *, days: float = 0.0, **facts: object) -> Candidate:
    """A work handed in so many days ago, by an owner whom mentors know already unless said otherwise."""
    return Candidate(key=key, handed_in_at=NOON - days * DAY, **{"is_first_of_owner": False, **facts})


def test_the_queue_of_a_day_in_its_order_and_with_its_reasons() -> None:
    fresh_and_sure = work(1, peers=SURE)
    old_and_sure = work(2, days=14, peers=SURE)
    unsure = work(3, days=7, peers=UNSURE)
    weak_with_appeal = work(4, days=2, peers=Peers(3, 0.3, 0.2, 0.4, has_appeal=True))
    unsure_and_close = work(5, days=7, peers=UNSURE, next_close=NOON + 2 * DAY)
    unread_newcomer = work(6, days=2, peers=Peers(), is_first_of_owner=True)
    second_version = work(7, days=1, peers=SURE, earlier_reviews=1)
    late_without_peers = work(8, days=4, is_late=True)
    places = in_order(
        [
            fresh_and_sure,
            old_and_sure,
            unsure,
            weak_with_appeal,
            unsure_and_close,
            unread_newcomer,
            second_version,
            late_without_peers,
        ],
        now=NOON,
    )
    assert [(place.key, [*map(str, place.reasons)]) for place in places] == [
        (5, ["wide_interval", "next_step_close", "waits"]),
        (4, ["appeal", "low_result", "waits"]),
        (3, ["wide_interval", "waits"]),
        (2, ["waits"]),
        (6, ["no_reviews", "never", "waits"]),
        (8, ["late", "waits"]),
        (7, ["new_version", "waits"]),
        (1, []),
    ]
    assert [round(place.score, 2) for place in places] == [6.4, 4.24, 4.0, 3.0, 2.7, 2.04, 1.37, 1.0]


def test_the_score_is_wait_times_uncertainty_times_risk() -> None:
    place = place_of(work(1, days=7, peers=UNSURE, is_late=True), now=NOON)
    assert place.factors == {Factor.WAIT: 2.0, Factor.UNCERTAINTY: 2.0, Factor.RISK: 1.3}
    assert place.score == pytest.approx(5.2)


def test_a_wait_of_months_does_not_outweigh_everything() -> None:
    assert place_of(work(1, days=28), now=NOON).score == place_of(work(1, days=300), now=NOON).score


def test_who_waits_longer_comes_first_among_equals_and_the_rest_goes_by_number() -> None:
    places = in_order([work(3, days=1), work(2, days=1), work(1, days=2)], now=NOON)
    assert [place.key for place in places] == [1, 2, 3]


@pytest.mark.parametrize(
    ("closes", "counts"), [(NOON - DAY, False), (NOON + DAY, True), (NOON + 3 * DAY, True), (NOON + 4 * DAY, False)]
)
def test_a_next_step_counts_while_it_is_about_to_close(closes: datetime, counts: bool) -> None:
    assert (Why.NEXT_STEP_CLOSE in place_of(work(1, next_close=closes), now=NOON).reasons) == counts


@pytest.mark.parametrize(
    ("share", "peers", "differs"),
    [
        (0.7, SURE, False),
        (0.3, SURE, True),
        (1.0, SURE, True),
        (0.9, SURE, False),  # Outside the interval, but not far.
        (0.25, UNSURE, False),  # Far, but peers would not be surprised.
        (0.1, Peers(), False),
        (0.1, None, False),
    ],
)
def test_a_mark_differs_where_it_is_far_from_the_peers_and_outside_their_interval(
    share: float, peers: Peers | None, differs: bool
) -> None:
    assert diverges(share, peers) == differs


def test_the_sample_is_the_same_every_time_and_grows_with_the_rate() -> None:
    drawn = {percent: {one for one in range(2_000) if is_sampled(7, one, percent)} for percent in (0, 10, 30, 100)}
    assert drawn[0] == set()
    assert drawn[10] < drawn[30] < drawn[100]
    assert len(drawn[100]) == 2_000
    assert 150 < len(drawn[10]) < 250
