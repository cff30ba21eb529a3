"""Runs scikit-learn models saved by skops, whose types are on our list."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from grader.kinds.skops_types import ALLOWED_TYPES
from grader.runner.work import answers, payload

LEVEL = "model"
_TRUSTED = sorted(ALLOWED_TYPES)
_kept: list[bytes] = []


def warm_up() -> None:
    """Fit, save, load and use small models of the usual sorts: children cannot open files, so all is imported here."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=60), "b": rng.normal(size=60), "c": list("xyz") * 20})
    numbers, target = frame[["a", "b"]], (frame["a"] > 0).astype(int)
    columns = ColumnTransformer(
        [("scale", StandardScaler(), ["a", "b"]), ("one", OneHotEncoder(handle_unknown="ignore"), ["c"])],
        remainder="passthrough",
    )
    ordered = ColumnTransformer([("code", OrdinalEncoder(), ["c"])], remainder="passthrough")
    for model, given in (
        (LogisticRegression(), numbers),
        (RandomForestClassifier(n_estimators=2), numbers),
        (RandomForestRegressor(n_estimators=2), numbers),
        (HistGradientBoostingRegressor(max_iter=2), numbers),
        (make_pipeline(columns, Ridge()), frame),
        (make_pipeline(ordered, HistGradientBoostingRegressor(max_iter=2)), frame),
    ):
        skops.io.loads(skops.io.dumps(model.fit(given, target)), trusted=_TRUSTED).predict(given)
        if given is numbers:
            model.predict(given)
    _import_all()
    _kept.append(skops.io.dumps(make_pipeline(StandardScaler(), LogisticRegression()).fit(numbers, target)))
    rehearse()


def rehearse() -> None:
    """Load and use a small model."""
    given = pd.DataFrame({"a": [0.0, 1.0], "b": [1.0, 0.0]})
    skops.io.loads(_kept[0], trusted=_TRUSTED).predict(given)


def _import_all() -> None:
    """The module of every allowed type, for the same reason."""
    import importlib
    from contextlib import suppress

    for name in sorted({name.rpartition(".")[0] for name in ALLOWED_TYPES}):
        with suppress(ImportError):  # a list for several versions of scikit-learn
            importlib.import_module(name)


def run(job: dict[str, Any]) -> None:
    """Load, predict, answer."""
    np.random.seed()
    try:
        content = payload.mapped(answers.FEATURES)
        model = skops.io.loads(answers.submission(), trusted=_TRUSTED)
        header = content.header
        predicted = model.predict(given(content))
        values = answers.as_values(predicted, rows=header["rows"], columns=len(header["answer"]))
    except Exception as error:
        answers.tell(error)
        answers.send_error(error)
        return
    if values is None:
        answers.send_malformed()
    else:
        answers.send_values(values)


def given(content: payload.Content) -> Any:
    """What predict is given: a DataFrame by name, or the matrix."""
    if content.header["form"] == "matrix":
        return np.frombuffer(content.part("matrix"), dtype=np.float64).reshape(content.header["rows"], -1)
    inputs = content.header["inputs"]
    return pd.DataFrame({name: _column(content, name, kind) for name, kind in inputs.items()}, copy=False)


def _column(content: payload.Content, name: str, kind: str) -> Any:
    if kind == "text":
        return content.texts(f"input {name}")
    return np.frombuffer(content.part(f"input {name}"), dtype=np.float64)
