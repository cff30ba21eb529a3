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


def test_only_who_has_given_all_is_asked_for_a_favour_and_one_at_a_time():
    given = [link(1, key, Stage.GIVEN) for key in (11, 12, 13)]
    parties = [Party(1, 3, active_at=NOON), Party(2, 3, active_at=NOON)]
    # The second still owes three, which nobody but herself has handed in.
    starved = [Work(20, frozenset({2}), 3, NOON), Work(21, frozenset({2}), 3, NOON)]

    early = plan(starved, parties, given, after=23 * HOUR)
    later = plan(starved, parties, given, after=25 * HOUR)

    assert early.extras == []
    assert (later.gives, len(later.extras), later.extras[0][0]) == ([], 1, 1)


def test_who_declined_a_favour_is_not_asked_again():
    given = [link(1, key, Stage.GIVEN) for key in (11, 12, 13)]
    starved = [Work(20, frozenset({2}), 3, NOON)]

    assert plan(starved, [Party(1, 3, takes_extras=False)], given, after=2 * DAY).extras == []


def test_after_three_days_a_work_relies_on_nothing_that_is_only_under_way():
    helper = [link(1, key, Stage.GIVEN) for key in (11, 12, 13)]
    slow = link(5, 20, Stage.BEGUN, touched_at=NOON + 3 * DAY)
    parties = [Party(1, 3), Party(5, 1, active_at=NOON + 3 * DAY)]
    lacking = [Work(20, frozenset({2}), 1, NOON)]

    assert plan(lacking, parties, [*helper, slow], after=71 * HOUR).extras == []
    assert plan(lacking, parties, [*helper, slow], after=73 * HOUR).extras == [(1, 20)]
