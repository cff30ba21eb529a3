"""What several people's marks say about a work: a mean without the reviewers' severity, with an interval. Pure.

The model is PG1 of Piech et al., *Tuned Models of Peer Grading in MOOCs* (EDM 2013, section 3.1): a mark is the work's
own value + the reviewer's bias + noise, z = s + b + e with s ~ N(μ, τ²), b ~ N(0, β²), e ~ N(0, σ²ᵥ). It differs in how
it is estimated, so that it needs no sampling and gives the same answer every time:

- τ², β², σ² by the method of moments for crossed random effects (Gao and Owen, *Efficient moment calculations for
  variance components in large unbalanced crossed random effects models*, EJS 2017), drawn towards usual shares of the
  variance while there are few marks;
- s and b by the mixed-model equations (Henderson, *Best linear unbiased estimation and prediction*, Biometrics 1975),
  solved by turns; marks on samples whose marks are known say b + e alone, and how far all reviewers are off together;
- σ²ᵥ of a reviewer from her own residuals, shrunk to the common one, so that careless marks weigh less.

The posterior variance of s treats what is unknown about each bias as further noise of that mark. The mean is the
yardstick that `tests/benchmarks/reviews/marks.py` holds all of this against (Sajjadi et al., L@S 2016: hard to beat).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

USUAL_SHARES = (0.45, 0.2, 0.35)  # of works, reviewers and noise in the variance of marks
WEIGHT_OF_USUAL = 40  # marks
WEIGHT_OF_COMMON_NOISE = 6  # marks
ROUNDS = 3  # of weighing reviewers by their residuals
TURNS, ENOUGH = 60, 1e-7
# Of what all reviewers together are off on the samples: a few samples say less than so many marks on them seem to.
SHARE_OF_COMMON_BIAS = 0.7
LEAST = 1e-6
# Student's t for 95 % with ten degrees of freedom: the variances are estimates themselves.
TWO_SIDED_95 = 2.23


@dataclass(frozen=True)
class Mark:
    """What a reviewer gave a work for each criterion, as shares of the best level from 0 to 1."""

    work: int
    reviewer: int
    marks: Mapping[str, float]


@dataclass(frozen=True)
class Practice:
    """What a reviewer gave a sample, beside the marks known for it."""

    reviewer: int
    marks: Mapping[str, float]
    known: Mapping[str, float]


@dataclass(frozen=True)
class Estimate:
    """What the marks say: the value, in 19 of 20 cases between low and high; the plain mean; how many marks."""

    value: float
    low: float
    high: float
    mean: float
    count: int

    @property
    def width(self) -> float:
        return self.high - self.low


@dataclass(frozen=True)
class Result:
    """Of one work: over all criteria, and for each."""

    overall: Estimate
    criteria: Mapping[str, Estimate]


@dataclass(frozen=True)
class Character:
    """Of one reviewer: how far her marks lie above (or below) others', and how much they scatter."""

    bias: float
    scatter: float


@dataclass
class _Variances:
    works: float
    reviewers: float
    noise: float


@dataclass
class _Fit:
    """Estimates of values (by work) and biases (by reviewer), with the posterior variances of both."""

    mu: float
    values: Floats
    value_variances: Floats
    biases: Floats
    bias_variances: Floats
    noises: Floats  # σ²ᵥ by reviewer


def aggregate(
    marks: Sequence[Mark], *, practice: Sequence[Practice] = (), weights: Mapping[str, float] | None = None
) -> tuple[dict[int, Result], dict[int, Character]]:
    """Results by work and characters by reviewer, from all marks of a round together. weights: of criteria, else 1."""
    weights = weights or {}
    if not marks:
        return {}, {}
    works = sorted({mark.work for mark in marks})
    reviewers = sorted({mark.reviewer for mark in marks} | {one.reviewer for one in practice})
    i = np.searchsorted(works, [mark.work for mark in marks])
    j = np.searchsorted(reviewers, [mark.reviewer for mark in marks])
    y = np.array([weighted_mean(mark.marks, weights) for mark in marks])
    j_known = np.searchsorted(reviewers, [one.reviewer for one in practice]).astype(np.int64)
    d = np.array([weighted_mean(_off(one), weights) for one in practice])
    common = SHARE_OF_COMMON_BIAS * float(np.mean(d)) if len(d) else 0.0
    fit = _fit(i, j, y - common, j_known, d - common, works=len(works), reviewers=len(reviewers))
    fit.biases += common
    overall = _estimates(i, y, fit.values, fit.value_variances, len(works))
    by_criterion = {key: _of_criterion(key, marks, i, j, fit, len(works)) for key in marks[0].marks}
    results = {
        work: Result(overall[number], {key: estimates[number] for key, estimates in by_criterion.items()})
        for number, work in enumerate(works)
    }
    characters = {
        one: Character(float(fit.biases[number]), math.sqrt(fit.noises[number])) for number, one in enumerate(reviewers)
    }
    return results, characters


def weighted_mean(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Of values by criterion; one without a weight has 1. Where all have none, the plain mean."""
    total = sum(weights.get(key, 1.0) for key in values)
    if not total:
        return sum(values.values()) / len(values)
    return sum(weights.get(key, 1.0) * value for key, value in values.items()) / total


def _off(one: Practice) -> dict[str, float]:
    """How far the marks of a sample lie above the known ones."""
    return {key: one.marks[key] - one.known[key] for key in one.known}


def _of_criterion(key: str, marks: Sequence[Mark], i: Integers, j: Integers, fit: _Fit, works: int) -> list[Estimate]:
    """The same for one criterion, with the biases that all criteria together have shown."""
    y = np.array([mark.marks[key] for mark in marks])
    rest = y - fit.biases[j]
    variances = _moments(i, j, rest)
    weights = 1 / (variances.noise * fit.noises[j] / max(float(np.mean(fit.noises[j])), LEAST) + fit.bias_variances[j])
    mu = float(np.average(rest, weights=weights))
    values, value_variances = _shrunk(i, rest, weights, mu, variances.works, works)
    return _estimates(i, y, values, value_variances, works)


def _fit(i: Integers, j: Integers, y: Floats, j_known: Integers, d: Floats, *, works: int, reviewers: int) -> _Fit:
    variances = _moments(i, j, y)
    noises = np.full(reviewers, variances.noise)
    fit = _solve(i, j, y, j_known, d, variances, noises, works)
    for _ in range(ROUNDS):
        noises = _noises(i, j, y, j_known, d, fit, variances.noise)
        fit = _solve(i, j, y, j_known, d, variances, noises, works)
    return fit


def _moments(i: Integers, j: Integers, y: Floats) -> _Variances:
    """τ², β² and σ² from the sums of squares within works, within reviewers and over all (Gao and Owen)."""
    count, total = len(y), max(float(np.var(y)), LEAST)
    usual = np.array(USUAL_SHARES) * total
    n_i, n_j = np.bincount(i), np.bincount(j)
    seen_i, seen_j = int(np.count_nonzero(n_i)), int(np.count_nonzero(n_j))
    squares = np.array([_within(i, y), _within(j, y), float(np.sum((y - y.mean()) ** 2))])
    equations = np.array(
        [
            [0.0, count - seen_i, count - seen_i],
            [count - seen_j, 0.0, count - seen_j],
            [count - float(np.sum(n_i**2)) / count, count - float(np.sum(n_j**2)) / count, count - 1.0],
        ]
    )
    if abs(np.linalg.det(equations)) < LEAST:
        return _Variances(*usual)
    found = np.linalg.solve(equations, squares)
    share = count / (count + WEIGHT_OF_USUAL)
    mixed = np.maximum(share * found + (1 - share) * usual, 0.02 * total)
    return _Variances(*(float(value) for value in mixed))


def _within(groups: Integers, y: Floats) -> float:
    """The sum of squares around the means of the groups."""
    counts = np.maximum(np.bincount(groups), 1)
    means = np.bincount(groups, y) / counts
    return float(np.sum((y - means[groups]) ** 2))


def _solve(
    i: Integers, j: Integers, y: Floats, j_known: Integers, d: Floats, variances: _Variances, noises: Floats, works: int
) -> _Fit:
    """The mixed-model equations, solved by turns: biases from values, values from biases, the level from both."""
    reviewers = len(noises)
    weights, known_weights = 1 / noises[j], 1 / noises[j_known]
    of_reviewer = np.bincount(j, weights, reviewers) + np.bincount(j_known, known_weights, reviewers)
    known = np.bincount(j_known, known_weights * d, reviewers)
    bias_precision = of_reviewer + 1 / variances.reviewers
    biases, mu = np.zeros(reviewers), float(np.mean(y))
    values = np.zeros(works)
    for _ in range(TURNS):
        before = values
        values, _variance = _shrunk(i, y - biases[j], weights, mu, variances.works, works)
        mu = float(np.mean(values))
        biases = (np.bincount(j, weights * (y - values[i]), reviewers) + known) / bias_precision
        if float(np.max(np.abs(values - before))) < ENOUGH:
            break
    value_variances = 1 / (np.bincount(i, 1 / (noises + 1 / bias_precision)[j], works) + 1 / variances.works)
    # What is unknown about the values that a bias was seen at adds to what is unknown about the bias.
    seen = 1 / (
        np.bincount(j, 1 / (noises[j] + value_variances[i]), reviewers)
        + np.bincount(j_known, known_weights, reviewers)
        + 1 / variances.reviewers
    )
    value_variances = 1 / (np.bincount(i, 1 / (noises + seen)[j], works) + 1 / variances.works)
    # In a small round the common level is uncertain too.
    value_variances += variances.works / works + variances.reviewers / reviewers + variances.noise / len(y)
    return _Fit(mu, values, value_variances, biases, seen, noises)


def _shrunk(i: Integers, y: Floats, weights: Floats, mu: float, between: float, works: int) -> tuple[Floats, Floats]:
    """The weighted mean of each work, drawn to the common one by as much as the marks leave open; and its variance."""
    precision = np.bincount(i, weights, works) + 1 / between
    values: Floats = (np.bincount(i, weights * y, works) + mu / between) / precision
    variances: Floats = 1 / precision
    return values, variances


def _noises(i: Integers, j: Integers, y: Floats, j_known: Integers, d: Floats, fit: _Fit, common: float) -> Floats:
    """σ²ᵥ: the squares of a reviewer's residuals with what is unknown added, shrunk to the common noise."""
    reviewers = len(fit.biases)
    squares = (y - fit.values[i] - fit.biases[j]) ** 2 + fit.value_variances[i]
    known = (d - fit.biases[j_known]) ** 2
    total = np.bincount(j, squares, reviewers) + np.bincount(j_known, known, reviewers)
    counts = np.bincount(j, minlength=reviewers) + np.bincount(j_known, minlength=reviewers)
    expected = float(np.sum(total)) / max(int(np.sum(counts)), 1)
    relative = (WEIGHT_OF_COMMON_NOISE * expected + total) / (WEIGHT_OF_COMMON_NOISE + counts)
    noises: Floats = common * relative / max(expected, LEAST)
    return np.maximum(noises, LEAST)


def _estimates(i: Integers, y: Floats, values: Floats, variances: Floats, works: int) -> list[Estimate]:
    counts = np.bincount(i, minlength=works)
    means = np.bincount(i, y, works) / np.maximum(counts, 1)
    reach = TWO_SIDED_95 * np.sqrt(variances)
    return [
        Estimate(
            value=_within_scale(values[number]),
            low=_within_scale(values[number] - reach[number]),
            high=_within_scale(values[number] + reach[number]),
            mean=float(means[number]),
            count=int(counts[number]),
        )
        for number in range(works)
    ]


def _within_scale(value: float) -> float:
    return float(min(1.0, max(0.0, value)))
