"""The metrics that a new case may begin with: which suits the target, and how it is called."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.metrics import METRICS
from grader.new.target import Target, TargetKind
from grader.pack.metrics import Direction
from grader.pack.reading import PackError
from grader.pack.text import Text
from grader.problems import Problem

NUMBERS = {TargetKind.NUMBER, TargetKind.COUNT}


@dataclass(frozen=True)
class Measure:
    """A registered metric in words. digits: None where they follow the size of the target, which is its unit."""

    name: str
    label: Text
    description: Text
    suits: set[TargetKind]
    digits: int | None = 4
    direction: Direction = "lower"
    params: Mapping[str, Any] = field(default_factory=dict)

    def digits_for(self, target: Target) -> int:
        """So many that four figures of a usual error are seen."""
        if self.digits is not None:
            return self.digits
        spread = float(np.std(target.values)) or 1.0
        return min(6, max(-3, 3 - math.floor(math.log10(spread))))


_MEASURES = (
    Measure(
        "wape",
        Text("WAPE", "WAPE"),
        Text(
            "誤差（絶対値）の合計を、実際の値の合計で割った値です。0に近いほど良い値です。",
            "The sum of absolute errors divided by the sum of the true values. The closer to 0, the better.",
        ),
        {TargetKind.COUNT},
    ),
    Measure(
        "mae",
        Text("平均絶対誤差（MAE）", "Mean absolute error (MAE)"),
        Text(
            "予測と実際の値の差（絶対値）の平均です。",
            "The mean absolute difference between predictions and true values.",
        ),
        NUMBERS,
        digits=None,
    ),
    Measure(
        "rmse",
        Text("二乗平均平方根誤差（RMSE）", "Root mean squared error (RMSE)"),
        Text(
            "差を2乗して平均し、平方根をとった値です。大きな外れほど重く効きます。",
            "The square root of the mean squared difference: large errors count more.",
        ),
        NUMBERS | {TargetKind.BINARY},
        digits=None,
    ),
    Measure(
        "rmsle",
        Text("RMSLE", "RMSLE"),
        Text(
            "対数をとってから測るRMSEです。小さな値の「何割外れたか」も大きな値と同じように効きます。",
            "RMSE of logarithms: a relative error counts the same for small and large values.",
        ),
        {TargetKind.COUNT},
    ),
    Measure(
        "mape",
        Text("MAPE", "MAPE"),
        Text("外れた割合の平均です。", "The mean relative error of the predictions."),
        NUMBERS,
    ),
    Measure(
        "r2",
        Text("決定係数（R²）", "R²"),
        Text("ばらつきのうち、予測で説明できた割合です。", "The share of the variance that the predictions explain."),
        NUMBERS,
        direction="higher",
    ),
    Measure(
        "auc",
        Text("AUC", "AUC"),
        Text(
            "「1」の行に「0」の行より大きな値を付けられた割合です。当てずっぽうは0.5、完全なら1です。",
            "How often a row of 1 gets a higher value than a row of 0: 0.5 for guessing, 1 for perfect predictions.",
        ),
        {TargetKind.BINARY},
        direction="higher",
    ),
    Measure(
        "average_precision",
        Text("平均適合率（AP）", "Average precision (AP)"),
        Text(
            "値の大きい順に見ていったとき、「1」をどれだけ早く見つけられるかです。",
            "How early the rows of 1 are found when going through the rows from the highest value down.",
        ),
        {TargetKind.BINARY},
        direction="higher",
    ),
    Measure(
        "log_loss",
        Text("対数損失", "Log loss"),
        Text(
            "「1」になる確率としての確からしさです。自信をもって外すほど悪くなります。",
            "How good the predicted probabilities of 1 are: confident errors cost most.",
        ),
        {TargetKind.BINARY},
    ),
    Measure(
        "accuracy",
        Text("正解率", "Accuracy"),
        Text("正しく当てた行の割合です。", "The share of rows predicted correctly."),
        {TargetKind.CLASSES},
        direction="higher",
    ),
    Measure(
        "f1",
        Text("F1", "F1"),
        Text(
            "0.5以上を「1」とみなし、当てた正確さ（適合率）と見つけた割合（再現率）を1つにまとめた値です。",
            "Values of 0.5 or more count as 1: the harmonic mean of precision (how many are right) and "
            "recall (how many are found).",
        ),
        {TargetKind.BINARY},
        direction="higher",
    ),
    Measure(
        "macro_f1",
        Text("マクロF1", "Macro F1"),
        Text(
            "区分ごとにF1を求め、平均した値です。まれな区分も、よくある区分と同じ重みで数えます。",
            "The mean of the F1 of each class: rare classes count as much as common ones.",
        ),
        {TargetKind.CLASSES},
        direction="higher",
    ),
)
MEASURES = {measure.name: measure for measure in _MEASURES}
_FIRST_CHOICE = {
    TargetKind.COUNT: ("wape", "mae"),
    TargetKind.NUMBER: ("mae", "rmse"),
    TargetKind.BINARY: ("auc", "log_loss", "rmse"),
    TargetKind.CLASSES: ("accuracy", "macro_f1"),
}


def measures_for(target: Target, *, wanted: str | None) -> list[Measure]:
    """The metric that ranks, and one that breaks ties where there is one. Raises PackError."""
    possible = [measure for measure in _MEASURES if target.kind in measure.suits and _is_there(measure, target)]
    names = [measure.name for measure in possible]
    if wanted is not None and wanted not in names:
        raise PackError([Problem("new_metric", {"value": wanted, "known": ", ".join(names) or "–"})])
    if not names:
        raise PackError([Problem("new_no_metric", {"column": target.name})])
    order = ([wanted] if wanted else []) + [name for name in _FIRST_CHOICE[target.kind] if name in names]
    return [MEASURES[name] for name in dict.fromkeys(order)][:2]


def _is_there(measure: Measure, target: Target) -> bool:
    is_share = measure.name in {"wape", "mape", "rmsle"}
    return measure.name in METRICS and (not is_share or (target.is_positive and bool(target.values.any())))
