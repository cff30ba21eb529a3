"""Who gets which work: everybody gives and gets three, nobody judges her own, the starved are served first."""

import time
from collections import Counter

from campus.reviews.allocation import Reviewer, Work, allot


def works(*keys: int, wanted: int = 3, covered: int = 0) -> list[Work]:
    return [Work(key, frozenset({key}), wanted, covered) for key in keys]


def reviewers(*keys: int, free: int = 3, busy: int = 0) -> list[Reviewer]:
    return [Reviewer(key, free, busy) for key in keys]


def counts(pairs):
    return Counter(reviewer for reviewer, _ in pairs), Counter(work for _, work in pairs)


def test_everybody_gives_three_and_gets_three_and_nobody_meets_herself_or_anybody_twice():
    people = range(1, 301)

    pairs = allot(works(*people), reviewers(*people), met=()).added

    given, received = counts(pairs)
    assert (set(given.values()), set(received.values())) == ({3}, {3})
    assert len(set(pairs)) == len(pairs)
    assert all(reviewer != work for reviewer, work in pairs)


def test_two_thousand_are_assigned_within_five_seconds():
    people = range(1, 2001)
    began = time.perf_counter()

    pairs = allot(works(*people), reviewers(*people), met=()).added

    assert (len(pairs), time.perf_counter() - began < 5) == (6000, True)


def test_team_mates_never_judge_their_work_and_a_team_of_four_is_judged_by_twelve():
    teams = [Work(100 + team, frozenset(range(4 * team, 4 * team + 4)), wanted=12) for team in range(6)]

    pairs = allot(teams, reviewers(*range(24)), met=()).added

    given, received = counts(pairs)
    assert (set(given.values()), set(received.values())) == ({3}, {12})
    assert all(reviewer // 4 != work - 100 for reviewer, work in pairs)


def test_a_pair_that_met_does_not_meet_again():
    met = {(1, 2), (1, 3)}

    pairs = allot(works(2, 3, 4), reviewers(1), met=met).added

    assert pairs == [(1, 4)]


def test_the_starved_work_is_served_first():
    works_ = [*works(10, 11, 12, covered=2), *works(13, covered=0)]

    pairs = allot(works_, reviewers(1, free=1), met=()).added

    assert pairs == [(1, 13)]


def test_whoever_has_least_is_asked_first():
    people = [*reviewers(1, free=1, busy=2), *reviewers(2, free=1, busy=0)]

    pairs = allot([Work(9, frozenset(), 1)], people, met=()).added

    assert pairs == [(2, 9)]


def test_one_more_in_a_full_round_takes_over_what_nobody_has_begun():
    people = range(1, 31)
    before = allot(works(*people), reviewers(*people), met=()).added
    full = [*works(*people, covered=3), *works(31)]
    busy = [*reviewers(*people, free=0, busy=3), *reviewers(31)]

    made = allot(full, busy, met=before, movable=before)

    given, received = counts({*before, *made.added} - set(made.removed))
    assert (set(given.values()), set(received.values())) == ({3}, {3})
    assert len(made.removed) == 3


def test_what_was_begun_is_taken_from_nobody():
    people = range(1, 5)
    before = allot(works(*people), reviewers(*people), met=()).added

    made = allot(
        [*works(*people, covered=3), *works(5)], [*reviewers(*people, free=0, busy=3), *reviewers(5)], met=before
    )

    assert (made.added, made.removed) == ([], [])


def test_one_after_another_the_round_stays_balanced():
    pairs: set[tuple[int, int]] = set()
    for size in range(1, 25):
        given, received = counts(pairs)
        works_ = [Work(key, frozenset({key}), 3, received[key]) for key in range(size)]
        people = [Reviewer(key, 3 - given[key], given[key]) for key in range(size)]
        made = allot(works_, people, met=set(pairs), movable=set(pairs))
        pairs = {*pairs, *made.added} - set(made.removed)

    given, received = counts(pairs)
    assert (set(given.values()), set(received.values())) == ({3}, {3})


def test_the_same_question_has_the_same_answer():
    people = range(1, 40)

    first, second = (allot(works(*people), reviewers(*people), met=()).added for _ in range(2))

    assert first == second
