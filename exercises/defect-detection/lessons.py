"""Shows the two lessons of the case on a build: python exercises/defect-detection/lessons.py --build DIR."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from plant.baselines import View
from plant.inspectors import cheapest_threshold, yen
from plant.looks import Texts, blobs
from plant.lots import Floats
from plant.view import read_view, true_defects
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from grader.metrics import METRICS

FOLDS = 6


@dataclass(frozen=True)
class Lessons:
    """On unseen lots, 1: AP by what spots are measured against. 2: yen a part by how the threshold is chosen."""

    yardsticks: dict[str, float]
    thresholds: dict[str, float]


def learn(build: Path) -> Lessons:
    """Work as a learner would on the public files; only the last look, at unseen lots, uses the truth."""
    view, truth = read_view(build / "public"), true_defects(build)
    one_lot = np.full(len(view.known), "all"), np.full(len(view.unseen), "all")
    plain = _spots(view, *one_lot)
    by_lot = _spots(view, view.known_lots, view.unseen_lots)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    scores = {
        name: model.fit(known, view.defect).predict_proba(unseen)[:, 1]
        for name, (known, unseen) in {"one yardstick for all": plain, "a yardstick for each lot": by_lot}.items()
    }
    held_out = cross_val_predict(
        model, by_lot[0], view.defect, groups=view.known_lots, cv=GroupKFold(FOLDS), method="predict_proba"
    )[:, 1]
    thresholds = {"0.5": 0.5, "cheapest on lots held out": cheapest_threshold(held_out, view.defect)}
    best = scores["a yardstick for each lot"]
    return Lessons(
        yardsticks={name: METRICS["average_precision"](found, truth) for name, found in scores.items()},
        thresholds={name: yen(truth, best >= threshold) for name, threshold in thresholds.items()},
    )


def _spots(view: View, known_lots: Texts, unseen_lots: Texts) -> tuple[Floats, Floats]:
    return blobs(view.known, known_lots), blobs(view.unseen, unseen_lots)


def main() -> None:
    """Print both lessons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="a folder made by grader build")
    lessons = learn(parser.parse_args().build)
    print("1. Lots differ in grain: average precision of the same model, by what spots are measured against")
    for name, value in lessons.yardsticks.items():
        print(f"{name:<28} {value:8.3f}")
    print("\n2. An escape costs twenty false alarms: yen a part, by the threshold")
    for name, value in lessons.thresholds.items():
        print(f"{name:<28} {value:8.0f}")


if __name__ == "__main__":
    main()
