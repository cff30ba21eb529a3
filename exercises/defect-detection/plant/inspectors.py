"""How the baselines judge: a score for each part, and a label where it pays to stop the part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.model_selection import GroupKFold, cross_val_predict

from plant.looks import Texts
from plant.lots import Floats
from plant.settings import FALSE_ALARM_YEN, MISSED_YEN

FOLDS = 6


@dataclass(frozen=True)
class Judgement:
    """score: 0 to 1, higher is more suspicious. label: 1 stops the part."""

    score: Floats
    label: NDArray[np.int64]


def yen(defect: Floats, label: NDArray[np.generic]) -> float:
    """Mean cost of a part."""
    missed, alarms = (defect > 0) & (label == 0), (defect == 0) & (label == 1)
    return float((MISSED_YEN * missed + FALSE_ALARM_YEN * alarms).mean())


def cheapest_threshold(score: Floats, defect: Floats) -> float:
    """From which score on parts are stopped: where the known ones would have cost least."""
    candidates = np.unique(score)
    between = np.concatenate([[0.0], (candidates[1:] + candidates[:-1]) / 2, [candidates[-1] + 1e-9]])
    return float(min(between, key=lambda threshold: yen(defect, score >= threshold)))


def judge(model: ClassifierMixin, *, known: Floats, defect: Floats, lots: Texts, unseen: Floats) -> Judgement:
    """Fit on known parts and judge unseen ones.

    The threshold is chosen on scores that each known lot got from a model that had not seen it, as the new lots will.
    """
    rehearsed = cross_val_predict(model, known, defect, groups=lots, cv=GroupKFold(FOLDS), method="predict_proba")[:, 1]
    threshold = cheapest_threshold(rehearsed, defect)
    score = model.fit(known, defect).predict_proba(unseen)[:, 1]
    return Judgement(score=score, label=(score >= threshold).astype(np.int64))
