"""How learners are dealt into classes: a calculation without a database, the same for the same input.

Balanced: each learner goes to the smallest class, among equally small ones to the one that has fewest people like her.
Grouped: people alike come together, class by class. Who is in a class already stays, unless all are dealt anew.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    BALANCED = "balanced"
    GROUPED = "grouped"


@dataclass(frozen=True)
class Learner:
    """Somebody to be dealt: her values of the chosen attributes, and the class she is in."""

    pk: int
    values: tuple[str, ...] = ()
    class_id: int | None = None


def deal(learners: Sequence[Learner], classes: Sequence[int], *, way: Way, anew: bool = False) -> dict[int, int]:
    """Return the class of every learner; sizes differ by one at most where all are dealt.

    Without classes nobody is dealt. Classes are ids in the order in which they are filled.
    """
    if not classes:
        return {}
    staying = {} if anew else {one.pk: one.class_id for one in learners if one.class_id in set(classes)}
    placed: dict[int, int] = {pk: class_id for pk, class_id in staying.items() if class_id is not None}
    to_deal = _in_order([one for one in learners if one.pk not in placed])
    if way is Way.GROUPED:
        return placed | _grouped(to_deal, classes, placed)
    return placed | _balanced(to_deal, classes, placed, {one.pk: one for one in learners})


def _in_order(learners: Sequence[Learner]) -> list[Learner]:
    """People alike after each other; the commonest values first, so that rare ones find the gaps that are left."""
    width = max((len(one.values) for one in learners), default=0)
    counts = [Counter(one.values[place] for one in learners) for place in range(width)]

    def key(one: Learner) -> tuple[tuple[int, str], ...]:
        return tuple((-counts[place][value], value) for place, value in enumerate(one.values))

    return sorted(learners, key=lambda one: (key(one), one.pk))


def _balanced(
    to_deal: Sequence[Learner], classes: Sequence[int], placed: Mapping[int, int], known: Mapping[int, Learner]
) -> dict[int, int]:
    sizes = Counter(dict.fromkeys(classes, 0))
    alike: Counter[tuple[int, int, str]] = Counter()

    def put(one: Learner, class_id: int) -> None:
        sizes[class_id] += 1
        alike.update((class_id, place, value) for place, value in enumerate(one.values))

    for pk, class_id in placed.items():
        put(known[pk], class_id)
    dealt = {}
    for one in to_deal:
        smallest = min(sizes.values())
        open_classes = [class_id for class_id in classes if sizes[class_id] == smallest]
        # Ties are broken by the order of the classes: min() takes the first.
        chosen = min(
            open_classes,
            key=lambda class_id: sum(alike[class_id, place, value] for place, value in enumerate(one.values)),
        )
        put(one, chosen)
        dealt[one.pk] = chosen
    return dealt


def _grouped(to_deal: Sequence[Learner], classes: Sequence[int], placed: Mapping[int, int]) -> dict[int, int]:
    """Fill class after class up to an even size."""
    sizes = Counter(placed.values())
    total = len(placed) + len(to_deal)
    waiting = iter(to_deal)
    dealt: dict[int, int] = {}
    for class_id, size in zip(classes, _even_sizes(total, classes, sizes), strict=True):
        for _place in range(size - sizes[class_id]):
            dealt[next(waiting).pk] = class_id
    return dealt


def _even_sizes(total: int, classes: Sequence[int], sizes: Mapping[int, int]) -> list[int]:
    """What size each class comes to when the smallest are filled up first."""
    wanted = {class_id: sizes[class_id] for class_id in classes}
    for _one in range(total - sum(wanted.values())):
        smallest = min(classes, key=lambda class_id: wanted[class_id])
        wanted[smallest] += 1
    return [wanted[class_id] for class_id in classes]
