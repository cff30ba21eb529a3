"""Fits the models to measure and saves them by skops and as ONNX: python models.py TRAIN.csv FOLDER.

Runs in the learners' environment, which has the converter; in any other only the skops files are written.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import skops.io
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression

MODELS = {
    "logistic regression": LogisticRegression(),
    "histogram boosting 100": HistGradientBoostingClassifier(max_iter=100),
    "random forest 100": RandomForestClassifier(n_estimators=100, max_depth=10, random_state=0),
}


def main() -> None:
    """Fit on 20,000 rows and save."""
    train, folder = pd.read_csv(sys.argv[1], nrows=20_000), Path(sys.argv[2])
    given, wanted = train.drop(columns="label").to_numpy(), train["label"].to_numpy()
    for name, model in MODELS.items():
        model.fit(given, wanted)
        (folder / f"{name}.skops").write_bytes(skops.io.dumps(model))
        if (converted := _as_onnx(model, given)) is not None:
            (folder / f"{name}.onnx").write_bytes(converted)


def _as_onnx(model: Any, given: Any) -> bytes | None:
    try:
        import onnx.helper
        from skl2onnx import to_onnx
    except ImportError:
        return None
    plain = onnx.helper.make_attribute

    def make_attribute(key: str, value: Any, *more: Any, **named: Any) -> Any:
        """skl2onnx 1.20 hands over booleans and numbers of NumPy, which protobuf 7 no longer takes for integers."""
        if isinstance(value, list | tuple | np.ndarray):
            value = [_plain(each) for each in value]
        return plain(key, value, *more, **named)

    onnx.helper.make_attribute = make_attribute
    options = {id(model): {"zipmap": False}}
    converted: bytes = to_onnx(model, given[:1].astype(np.float32), options=options).SerializeToString()
    return converted


def _plain(each: Any) -> Any:
    each = each.item() if isinstance(each, np.generic) else each
    return int(each) if isinstance(each, bool) else each


if __name__ == "__main__":
    main()
