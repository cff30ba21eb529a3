"""What the marks of a round are worth: the error of our estimate beside that of the plain mean.

Marks are drawn from known values with halo, bias and noise, and rounded to the four levels of a rubric.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from campus.reviews.aggregation import Mark, Practice, aggregate
from tests.benchmarks.reviews.days import EACH

CRITERIA = ("problem", "validation", "order-rule", "impact", "clarity")
SIZES = (100, 12)  # of smaller rounds, beside the one asked for


@dataclass(frozen=True)
class Crowd:
    """How reviewers judge. bias, noise: spread, in shares of the scale; careless: share of people who hardly look."""

    name: str
    bias: float
    noise: float
    careless: float = 0.0


CROWDS = (
    Crowd("honest", bias=0.04, noise=0.10),
    Crowd("honest, noisy", bias=0.04, noise=0.20),
    Crowd("biased", bias=0.15, noise=0.13),
    Crowd("a fifth careless", bias=0.10, noise=0.13, careless=0.2),
    Crowd("half careless", bias=0.10, noise=0.13, careless=0.5),
)


def judge(crowd: Crowd, *, learners: int, seed: int, practises: bool) -> dict[str, float]:
    """Errors (root mean square, in shares of the scale) of our estimate and of the mean."""
    drawn = np.random.default_rng(seed)
    quality = np.clip(drawn.normal(0.55, 0.16, learners), 0, 1)
    true = {key: np.clip(quality + drawn.normal(0, 0.1, learners), 0, 1) for key in CRITERIA}
    bias = drawn.normal(0, crowd.bias, learners)
    noise = crowd.noise * np.exp(drawn.normal(0, 0.3, learners))
    is_careless = drawn.random(learners) < crowd.careless

    def marks(reviewer: int, value: dict[str, float]) -> dict[str, float]:
        if is_careless[reviewer]:
            favourite = drawn.choice([1 / 3, 2 / 3, 1, 1])
            return {key: _level(favourite + drawn.normal(0, 0.15)) for key in CRITERIA}
        halo = drawn.normal(0, 0.7 * noise[reviewer])
        offset = bias[reviewer] + halo
        return {key: _level(value[key] + offset + drawn.normal(0, noise[reviewer])) for key in CRITERIA}

    given = [
        Mark(work, reviewer, marks(reviewer, {key: float(true[key][work]) for key in CRITERIA}))
        for reviewer, work in _pairs(learners, drawn)
    ]
    samples = [dict.fromkeys(CRITERIA, 1 / 3), dict.fromkeys(CRITERIA, 0.8)] if practises else []
    practice = [Practice(one, marks(one, sample), sample) for sample in samples for one in range(learners)]
    results, _ = aggregate(given, practice=practice)
    overall = np.mean([true[key] for key in CRITERIA], axis=0)
    rows = [(results[work].overall, float(overall[work])) for work in range(learners)]
    each = [(results[work].criteria[key], float(true[key][work])) for key in CRITERIA for work in range(learners)]
    return {
        "ours": _rms(one.value - value for one, value in rows),
        "mean": _rms(one.mean - value for one, value in rows),
        "ours, by criterion": _rms(one.value - value for one, value in each),
        "mean, by criterion": _rms(one.mean - value for one, value in each),
        "within": float(np.mean([one.low <= value <= one.high for one, value in rows])),
    }


def _pairs(learners: int, drawn: np.random.Generator) -> Iterable[tuple[int, int]]:
    order = drawn.permutation(learners)
    for place, reviewer in enumerate(order):
        for step in range(1, EACH + 1):
            yield int(reviewer), int(order[(place + step) % learners])


def _level(value: float) -> float:
    """The nearest of four levels."""
    return round(min(1.0, max(0.0, value)) * 3) / 3


def _rms(errors: Iterable[float]) -> float:
    return float(np.sqrt(np.mean(np.square(list(errors)))))


def tell_crowd(crowd: Crowd, *, learners: int, practises: bool, seed: int) -> None:
    """The mean over several draws where the round is small."""
    draws = [
        judge(crowd, learners=learners, seed=seed + number, practises=practises)
        for number in range(max(1, min(40, 800 // learners)))
    ]
    mean = {key: float(np.mean([draw[key] for draw in draws])) for key in draws[0]}
    better = 1 - mean["ours"] / mean["mean"]
    print(
        f"{learners:5d} {crowd.name:17s} {'practised' if practises else '         '}  ours {mean['ours']:.4f}"
        f"  mean {mean['mean']:.4f}  ({better:+.0%} less)   by criterion {mean['ours, by criterion']:.4f}"
        f" / {mean['mean, by criterion']:.4f}   within {mean['within']:.0%}"
    )


def tell(*, learners: int, seed: int) -> None:
    """Every crowd, with and without practice, in rounds of different sizes."""
    for size in (learners, *SIZES):
        for crowd in CROWDS:
            for practises in (True, False):
                tell_crowd(crowd, learners=size, practises=practises, seed=seed)
