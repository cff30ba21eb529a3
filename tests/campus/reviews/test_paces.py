"""How likely a review comes in time, from what is known of its reviewer."""

from datetime import timedelta

import pytest

from campus.reviews.paces import Paces, Spell, fresh_chance

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)


def given(reviewer: int, hours: float) -> Spell:
    return Spell(reviewer, hours * HOUR, is_given=True)


def under_way(reviewer: int, hours: float) -> Spell:
    return Spell(reviewer, hours * HOUR, is_given=False)


def chance(spells: list[Spell], *, reviewer: int = 1, age: float = 0, left: timedelta = WEEK) -> float:
    (found,) = Paces(spells).chances([reviewer], ages=[age * HOUR], left=[left])
    return float(found)


def test_of_somebody_unknown_it_is_the_usual_one():
    """Log-normal around 72 hours with 0.55: 93.8 % within a week, of the 93 % who stay."""
    assert fresh_chance(WEEK) == pytest.approx(0.93 * 0.938, abs=0.005)
    assert chance([given(2, 20)]) == fresh_chance(WEEK)


def test_who_was_quick_before_is_expected_to_be_quick_again():
    two_days = timedelta(days=2)
    quick = chance([given(1, 20), given(1, 30)], left=two_days)
    slow = chance([given(1, 150), given(1, 170)], left=two_days)

    assert slow < fresh_chance(two_days) < quick


def test_who_has_given_none_for_days_is_slow_rather_than_unlucky():
    alone, three = [under_way(1, 110)], [under_way(1, 110)] * 3

    assert chance(three, age=110, left=2 * timedelta(days=1)) < chance(alone, age=110, left=2 * timedelta(days=1))
    assert chance([*three[1:], given(1, 30)], age=110) > chance(three, age=110)


def test_less_time_is_a_smaller_chance_and_nothing_under_way_has_none():
    chances = [chance([under_way(1, 10)], age=10, left=days * timedelta(days=1)) for days in (1, 2, 4, 7)]

    assert chances == sorted(chances)
    assert list(Paces([]).chances([], ages=[], left=[])) == []
