"""What happens to reviews that don't come: told by a clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from campus.reviews.decisions import EndReason, Link, Party, Plan, Rules, Stage, Work, decide

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
RULES = Rules()


def work(key: int, **changes: object) -> Work:
    return replace(Work(key, frozenset({key}), 3, NOON), **changes)


def link(reviewer: int, to: int, stage: Stage = Stage.ASSIGNED, **changes: object) -> Link:
    return replace(Link(reviewer, to, stage, NOON), **changes)


def plan(works: list[Work], parties: list[Party], links: list[Link], *, after: timedelta) -> Plan:
    return decide(works, parties, links, now=NOON + after, rules=RULES)


def test_the_first_to_hand_in_waits_and_the_second_gets_her():
    alone = plan([work(1)], [Party(1, 3)], [], after=0 * HOUR)
    two = plan([work(1), work(2)], [Party(1, 3), Party(2, 3)], [], after=HOUR)

    assert (alone.is_empty, sorted(two.gives)) == (True, [(1, 2), (2, 1)])


def test_doing_it_and_asking_again_changes_nothing():
    works, parties = [work(key) for key in range(6)], [Party(key, 3) for key in range(6)]
    done = [link(*pair) for pair in plan(works, parties, [], after=0 * HOUR).gives]

    assert plan(works, parties, done, after=HOUR).is_empty


def test_what_is_not_begun_in_72_hours_goes_to_somebody_else_and_she_gets_nothing_until_she_is_seen():
    works = [work(1), work(2)]
    parties = [Party(1, 3), Party(2, 3), Party(3, 3)]
    lazy = link(1, 2)

    before = plan(works, parties, [lazy], after=71 * HOUR)
    then = plan(works, parties, [lazy], after=72 * HOUR)
    ended = replace(lazy, stage=Stage.ENDED, ended_at=NOON + 72 * HOUR, reason=EndReason.IDLE)
    back = [Party(1, 3, active_at=NOON + 80 * HOUR), *parties[1:]]
    others = [work(1), work(2), work(4)]

    assert (before.ends, then.ends) == ([], [(lazy, EndReason.IDLE)])
    assert 1 not in {reviewer for reviewer, _ in then.gives}
    assert [pair for pair in plan(others, parties, [ended], after=81 * HOUR).gives if pair[0] == 1] == []
    assert [pair for pair in plan(others, back, [ended], after=81 * HOUR).gives if pair[0] == 1] == [(1, 4)]


def test_whoever_works_on_one_review_keeps_the_others():
    parties = [Party(1, 3, active_at=NOON + 60 * HOUR)]
    links = [link(1, 2, Stage.BEGUN, touched_at=NOON + 60 * HOUR), link(1, 3)]

    assert plan([work(2), work(3)], parties, links, after=100 * HOUR).ends == []


@pytest.mark.parametrize("reason", [EndReason.LEFT, EndReason.LATE])
def test_whoever_can_give_no_more_loses_what_is_open_and_keeps_what_is_given(reason):
    open_, given = link(1, 2, Stage.BEGUN, touched_at=NOON), link(1, 3, Stage.GIVEN)

    made = plan([work(2), work(3)], [Party(1, 3, reason), Party(4, 3)], [open_, given], after=HOUR)

    assert made.ends == [(open_, reason)]
    assert (4, 2) in made.gives


def late(reviewer: int, to: int, **changes: object) -> Link:
    """Ended by a deadline at noon of the fifth day."""
    return link(reviewer, to, Stage.ENDED, ended_at=NOON + 5 * DAY, reason=EndReason.LATE, **changes)


def test_what_a_deadline_ended_goes_on_when_it_was_moved_and_doing_it_once_is_enough():
    works = [Work(key, frozenset({9}), 1, NOON) for key in (2, 3)]
    begun, fresh = late(1, 2, touched_at=NOON + DAY), late(1, 3)
    still_over = plan(works, [Party(1, 2, EndReason.LATE)], [begun, fresh], after=6 * DAY)

    moved = plan(works, [Party(1, 2)], [begun, fresh], after=6 * DAY)
    then = [
        replace(one, stage=stage, assigned_at=NOON + 6 * DAY, ended_at=None, reason=None)
        for one, stage in ((begun, Stage.BEGUN), (fresh, Stage.ASSIGNED))
    ]

    assert still_over.is_empty
    assert (moved.resumes, moved.given_out, moved.ends) == ([begun, fresh], [1, 1], [])
    assert plan(works, [Party(1, 2)], then, after=6 * DAY).is_empty


@pytest.mark.parametrize(
    ("party", "others", "wanted"),
    [
        pytest.param(Party(1, 3), [link(5, 2, Stage.GIVEN)], 1, id="the work has its reviews"),
        pytest.param(Party(1, 3), [link(5, 2, assigned_at=NOON + 6 * DAY)], 1, id="somebody else has it"),
        pytest.param(Party(1, 1), [link(1, 4, Stage.GIVEN)], 3, id="she has given another in its place"),
        pytest.param(Party(1, 0), [], 3, id="she was let off"),
        pytest.param(Party(1, 3, EndReason.LEFT), [], 3, id="she has left"),
        pytest.param(Party(1, 3), [], 0, id="nobody waits for it any more"),
    ],
)
def test_what_a_deadline_ended_stays_ended_where(party, others, wanted):
    works = [Work(2, frozenset({9}), wanted, NOON), Work(4, frozenset({8}), 1, NOON)]

    made = plan(works, [party, Party(5, 3, active_at=NOON + 6 * DAY)], [late(1, 2), *others], after=6 * DAY)

    assert made.resumes == []


def test_only_what_the_deadline_ended_goes_on_and_what_was_begun_first():
    taken_back = link(1, 4, Stage.ENDED, touched_at=NOON, ended_at=NOON + DAY, reason=EndReason.REASSIGNED)
    fresh, begun = late(1, 2), late(1, 3, touched_at=NOON + DAY)
    works = [Work(key, frozenset({9}), 3, NOON) for key in (2, 3, 4)]

    made = plan(works, [Party(1, 1)], [fresh, begun, taken_back], after=6 * DAY)

    assert made.resumes == [begun]


def test_of_favours_that_a_deadline_ended_only_begun_ones_go_on():
    works = [Work(key, frozenset({9}), 1, NOON) for key in (2, 3)]
    begun, fresh = late(1, 2, touched_at=NOON + DAY, is_extra=True), late(1, 3, is_extra=True)
    given = link(1, 4, Stage.GIVEN)

    asked = plan(works, [Party(1, 1)], [given, begun, fresh], after=6 * DAY)
    declined = plan(works, [Party(1, 1, takes_extras=False)], [given, begun, fresh], after=6 * DAY)

    assert (asked.resumes, declined.resumes) == ([begun], [])


def test_nobody_begins_a_work_that_nobody_waits_for():
    asked = link(1, 2)

    assert plan([work(2, wanted=0)], [Party(1, 3)], [asked], after=HOUR).ends == [(asked, EndReason.NOT_NEEDED)]


def test_a_begun_review_that_is_left_alone_stays_and_its_work_gets_another_reviewer():
    left = link(1, 2, Stage.BEGUN, touched_at=NOON)
    parties = [Party(1, 1, active_at=NOON), Party(3, 1)]
    works = [work(2, wanted=1)]

    assert plan(works, parties, [left], after=35 * HOUR).gives == []
    late = plan(works, parties, [left], after=36 * HOUR)
    assert (late.ends, late.gives) == ([], [(3, 2)])


def test_only_who_has_given_all_is_asked_for_favours_and_two_at_most():
    given = [link(1, key, Stage.GIVEN) for key in (11, 12, 13)]
    parties = [Party(1, 3, active_at=NOON), Party(2, 3, active_at=NOON)]
    # The second still owes three, which nobody but herself has handed in.
    starved = [Work(key, frozenset({2}), 3, NOON) for key in (20, 21, 22)]

    made = plan(starved, parties, given, after=HOUR)

    assert (made.gives, [reviewer for reviewer, _ in made.extras]) == ([], [1, 1])


def test_works_that_nobody_willing_may_review_take_no_others_place():
    given = [link(1, key, Stage.GIVEN) for key in (11, 12, 13)]
    judged_already = [Work(key, frozenset({9}), 3, NOON - DAY) for key in (11, 12, 13)]

    made = plan([work(1), *judged_already, Work(20, frozenset({9}), 3, NOON)], [Party(1, 3)], given, after=HOUR)

    assert made.extras == [(1, 20)]


def test_the_quickest_is_asked_for_the_work_that_is_most_in_doubt():
    quick = [link(1, key, Stage.GIVEN, touched_at=NOON + 9 * HOUR) for key in (11, 12, 13)]
    slow = [link(2, key, Stage.GIVEN, touched_at=NOON + 60 * HOUR) for key in (11, 12, 13)]
    parties = [Party(1, 3), Party(2, 3), Party(5, 1, active_at=NOON + 3 * DAY)]
    under_way = link(5, 21, Stage.BEGUN, touched_at=NOON + 3 * DAY)
    doubtful = [Work(20, frozenset({9}), 1, NOON), Work(21, frozenset({9}), 1, NOON)]

    late = plan(doubtful[1:], parties, [*quick, *slow, under_way], after=5 * DAY)
    both = plan(doubtful, parties, [*quick, *slow, under_way], after=5 * DAY)

    assert late.extras == [(1, 21)]
    assert (1, 20) in both.extras


def test_a_favour_that_nobody_began_ends_when_the_work_has_its_reviews():
    asked = link(4, 20, is_extra=True)
    given = [link(key, 20, Stage.GIVEN) for key in (1, 2, 3)]
    parties = [Party(key, 1) for key in (1, 2, 3, 4)]

    made = plan([Work(20, frozenset({9}), 3, NOON)], parties, [*given, asked], after=HOUR)

    assert made.ends == [(asked, EndReason.NOT_NEEDED)]


def test_whoever_owes_less_than_before_keeps_what_she_has_begun():
    begun, fresh, more = link(1, 2, Stage.BEGUN, touched_at=NOON), link(1, 3), link(1, 4)
    others = [link(5, 4), link(6, 4)]
    parties = [Party(1, 2, active_at=NOON), Party(5, 2, active_at=NOON), Party(6, 2, active_at=NOON)]
    works = [Work(key, frozenset({9}), 2, NOON) for key in (2, 3, 4)]

    made = plan(works, parties, [begun, fresh, more, *others], after=HOUR)

    assert made.ends == [(more, EndReason.NOT_NEEDED)]


def test_what_somebody_sleeps_on_is_not_exchanged_for_another_work():
    asleep, awake = link(1, 20), link(2, 20)
    parties = [Party(1, 1), Party(2, 1, active_at=NOON + 39 * HOUR), Party(3, 1, active_at=NOON + 40 * HOUR)]
    works = [Work(20, frozenset({9}), 2, NOON), Work(21, frozenset({3}), 1, NOON + 40 * HOUR)]

    made = plan(works, parties, [asleep, awake], after=40 * HOUR)

    assert (made.ends, sorted(made.gives)) == ([(awake, EndReason.MOVED)], [(2, 21), (3, 20)])


def test_who_declined_a_favour_is_not_asked_again():
    given = [link(1, key, Stage.GIVEN) for key in (11, 12, 13)]
    starved = [Work(20, frozenset({2}), 3, NOON)]

    assert plan(starved, [Party(1, 3, takes_extras=False)], given, after=2 * DAY).extras == []
