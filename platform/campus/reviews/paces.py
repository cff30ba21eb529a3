"""How quick each reviewer is, from her own reviews, and so how likely what is in her hands comes in time. Pure.

Learners take three days to finish a review, by the median; how long others take is log-normal around it (edX data, see
docs/reviews.md). Half of what differs between reviews is taken to be between people: who gave one early will give the
next early, and who has none after four days is slow rather than unlucky. What is known of somebody's pace is a weight
for each of a few paces that she may have (Bayes' rule on a grid): reviews that she gave speak by what they took, those
under way by not having come yet.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

USUAL = timedelta(hours=72)
SPREAD = 0.55
OWN = 0.5  # of the variance
STAYS = 0.93  # the part of reviewers who do not leave meanwhile
HOUR = timedelta(hours=1)
# Paces that somebody may have, in standard deviations, and how many people have each.
GRID = np.linspace(-2.4, 2.4, 13)
PRIOR = -0.5 * GRID**2
# The logarithm of the part of a normal distribution that lies above z.
Z = np.linspace(-8, 8, 3_201)
LOG_ABOVE = np.array([math.log(0.5 * math.erfc(z / math.sqrt(2))) for z in Z])


@dataclass(frozen=True)
class Spell:
    """A review in somebody's hands: for so long when it was given, or until now."""

    reviewer: int
    lasted: timedelta
    is_given: bool


class Paces:
    """What a round's spells say about everybody's pace."""

    def __init__(self, spells: Sequence[Spell]) -> None:
        self.rows = {key: row for row, key in enumerate(dict.fromkeys(one.reviewer for one in spells))}
        weights = np.tile(PRIOR, (len(self.rows) + 1, 1))  # the last row is for people of whom nothing is known
        if spells:
            z = _standard([one.lasted for one in spells])
            said = np.where(np.array([one.is_given for one in spells])[:, None], -0.5 * z**2, _log_above(z))
            np.add.at(weights, [self.rows[one.reviewer] for one in spells], said)
        self.weights = np.exp(weights - weights.max(axis=1, keepdims=True))

    def chances(self, reviewers: Sequence[int], *, ages: Sequence[timedelta], left: Sequence[timedelta]) -> Floats:
        """That each of these reviews, begun so long ago, is given while there is time left."""
        if not reviewers:
            return np.zeros(0)
        weights = self.weights[[self.rows.get(one, len(self.rows)) for one in reviewers]]
        until = [age + time for age, time in zip(ages, left, strict=True)]
        lasts, longer = _log_above(_standard(ages)), _log_above(_standard(until))
        given = 1 - np.exp(longer - lasts)
        found: Floats = STAYS * (weights * given).sum(axis=1) / weights.sum(axis=1)
        return found


@lru_cache(maxsize=512)
def fresh_chance(left: timedelta) -> float:
    """That a review which somebody of unknown pace gets now is given while there is time left."""
    return float(Paces([]).chances([0], ages=[timedelta(0)], left=[left])[0])


def _standard(spans: Sequence[timedelta]) -> Floats:
    """Logarithms of the spans as deviations from each pace of the grid: rows are spans, columns paces."""
    hours = np.maximum([span / USUAL for span in spans], 1e-6)
    found: Floats = (np.log(hours)[:, None] / SPREAD - np.sqrt(OWN) * GRID) / np.sqrt(1 - OWN)
    return found


def _log_above(z: Floats) -> Floats:
    return np.interp(z, Z, LOG_ABOVE)
