"""Dealing learners into classes: even, balanced or grouped, deterministic, and kind to those who are in a class."""

import time
from collections import Counter
from random import Random

from campus.cohorts.dealing import Learner, Way, deal

CLASSES = [11, 12, 13]


def people(count: int, *, values: int = 2, seed: int = 1) -> list[Learner]:
    """Learners with uneven attributes, as a real cohort has them."""
    drawn = Random(seed)
    kinds = [
        ["製造業", "情報通信業", "金融業", "学生"],
        ["東京都", "大阪府", "北海道"],
        ["20代", "30代", "40代", "50代"],
    ]
    weights = [[9, 5, 2, 1], [8, 3, 1], [4, 6, 3, 1]]
    return [
        Learner(pk, tuple(drawn.choices(kinds[place], weights[place])[0] for place in range(values)))
        for pk in range(1, count + 1)
    ]


def sizes(dealt: dict[int, int]) -> list[int]:
    return sorted(Counter(dealt.values()).values())


def spread(learners: list[Learner], dealt: dict[int, int], classes: list[int], place: int) -> dict[str, int]:
    """For each value the difference between the class with most and the one with fewest."""
    counts = Counter((one.values[place], dealt[one.pk]) for one in learners)
    return {
        value: max(counts[value, one] for one in classes) - min(counts[value, one] for one in classes)
        for value in {one.values[place] for one in learners}
    }


def test_classes_come_out_even_and_everybody_is_in_one() -> None:
    for way in Way:
        dealt = deal(people(100), CLASSES, way=way)
        assert sizes(dealt) == [33, 33, 34]
        assert set(dealt) == set(range(1, 101))


def test_balanced_classes_have_about_as_many_of_every_kind() -> None:
    learners = people(600, values=3)
    classes = list(range(6))
    dealt = deal(learners, classes, way=Way.BALANCED)
    assert max(spread(learners, dealt, classes, 0).values()) <= 2
    assert max(spread(learners, dealt, classes, 1).values()) <= 5
    assert max(spread(learners, dealt, classes, 2).values()) <= 5


def test_grouped_classes_hold_people_alike() -> None:
    learners = people(90, values=1)
    dealt = deal(learners, CLASSES, way=Way.GROUPED)
    kinds = [{one.values[0] for one in learners if dealt[one.pk] == class_id} for class_id in CLASSES]
    # Cutting a line of people sorted by kind into three leaves few kinds in each.
    assert sum(map(len, kinds)) <= 4 + len(CLASSES) - 1
    assert sizes(dealt) == [30, 30, 30]


def test_the_outcome_is_the_same_whatever_the_order_of_the_rows() -> None:
    learners = people(200)
    shuffled = Random(7).sample(learners, len(learners))
    for way in Way:
        assert deal(learners, CLASSES, way=way) == deal(shuffled, CLASSES, way=way)


def test_who_is_in_a_class_stays_and_late_comers_go_to_the_smallest() -> None:
    there = [Learner(pk, ("東京都",), 11 if pk <= 5 else 12) for pk in range(1, 9)]
    late = [Learner(20, ("東京都",)), Learner(21, ("大阪府",)), Learner(22, ("大阪府",))]
    dealt = deal([*there, *late], [11, 12], way=Way.BALANCED)
    assert {pk: dealt[pk] for pk in range(1, 9)} == {one.pk: one.class_id for one in there}
    assert sizes(dealt) == [5, 6]
    assert Counter(dealt[one.pk] for one in late)[12] >= 2


def test_dealing_again_changes_nothing_unless_all_are_dealt_anew() -> None:
    learners = people(100)
    first = deal(learners, CLASSES, way=Way.BALANCED)
    seated = [Learner(one.pk, one.values, first[one.pk]) for one in learners]
    assert deal(seated, CLASSES, way=Way.BALANCED) == first
    assert deal(seated, CLASSES, way=Way.GROUPED) == first
    grouped = deal(seated, CLASSES, way=Way.GROUPED, anew=True)
    assert grouped != first
    assert sizes(grouped) == [33, 33, 34]


def test_who_sits_in_a_class_that_is_gone_is_dealt() -> None:
    assert deal([Learner(1, (), 99)], CLASSES, way=Way.BALANCED) == {1: 11}


def test_without_classes_or_people_there_is_nothing_to_deal() -> None:
    assert deal(people(3), [], way=Way.BALANCED) == {}
    assert deal([], CLASSES, way=Way.GROUPED) == {}


def test_two_thousand_learners_are_dealt_in_a_moment() -> None:
    learners = people(2000, values=3)
    began = time.perf_counter()
    for way in Way:
        deal(learners, list(range(20)), way=way)
    assert time.perf_counter() - began < 5
