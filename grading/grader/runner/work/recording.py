"""Notes what a program does with scikit-learn while it runs: what is fitted on what, what is split, and how.

Only what a program calls itself counts; what scikit-learn calls inside of that does not. A note never changes what a
call does: whatever goes wrong in taking one is forgotten.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

MOST_FITS = 12
MOST_SPLITS = 6
MOST_FOLDS = 5
MOST_ROWS = 40_000
MOST_COLUMNS = 120
# Steps that learn from rows, as far as it shows in what is validated on them; what only knows categories does not.
LEARNING = {
    "StandardScaler", "MinMaxScaler", "MaxAbsScaler", "RobustScaler", "PowerTransformer", "QuantileTransformer",
    "SimpleImputer", "KNNImputer", "IterativeImputer", "PCA", "IncrementalPCA", "KernelPCA", "SparsePCA",
    "TruncatedSVD", "FastICA", "NMF", "TargetEncoder", "KBinsDiscretizer",
}  # fmt: skip
SELECTING = {"SelectKBest", "SelectPercentile", "SelectFromModel", "SelectFdr", "SelectFpr", "RFE", "RFECV"}


@dataclass
class Fit:
    """A model that was fitted: its class, names and numbers of the columns, the answers, and where the rows come from.

    values: float64 (rows, columns), of long tables only every so many rows. given, answers: as they were passed.
    """

    name: str
    columns: list[str]
    values: np.ndarray[Any, np.dtype[np.float64]]
    answers: np.ndarray[Any, np.dtype[np.float64]]
    step: int
    given: Any
    wanted: Any


@dataclass
class Split:
    """What was split, with its answers where they are known, and positions of training and validation rows."""

    given: list[Any]
    folds: list[tuple[Any, Any]] = field(default_factory=list)


@dataclass
class Learnt:
    """What a step that learns from rows made of those same rows: its columns, by hash, without those left as given."""

    name: str
    rows: int
    made: set[int]
    is_choice: bool = False


@dataclass
class Notes:
    fits: list[Fit] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    learnt: list[Learnt] = field(default_factory=list)


Undo = list[tuple[Any, str, Any]]


def frame_of(given: Any) -> pd.DataFrame | None:
    """A table as a DataFrame, columns without names as #1, #2…; None for anything else."""
    if isinstance(given, pd.DataFrame):
        return given
    if isinstance(given, pd.Series):
        return given.to_frame()
    if isinstance(given, list):
        given = np.asarray(given)
    if isinstance(given, np.ndarray) and given.ndim in (1, 2):
        table = given.reshape(len(given), -1)
        return pd.DataFrame(table, columns=[f"#{number}" for number in range(1, table.shape[1] + 1)])
    return None


def numbers_of(column: Any) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    """A column as float64; None when it holds no numbers."""
    if not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)):
        return None
    return np.asarray(pd.Series(column).to_numpy(dtype=np.float64, na_value=np.nan))


def hashes_of(given: Any) -> dict[str, int]:
    """A hash of the numbers of each column; none of columns that are all alike."""
    frame = frame_of(given)
    if frame is None or frame.shape[1] > MOST_COLUMNS:
        return {}
    found = {}
    for place, name in enumerate(frame.columns):
        values = numbers_of(frame.iloc[:, place])
        if values is not None and len(values) > 1 and not np.all(values == values[0]):
            found[str(name)] = hash((values + 0.0).tobytes())
    return found


class Recorder:
    """Takes notes of one pass of a program."""

    def __init__(self) -> None:
        self.notes = Notes()
        self._inside: list[str] = []
        self._learning: list[str] = []
        self._lock = threading.Lock()

    @contextmanager
    def inside(self, name: str) -> Iterator[bool]:
        """Whether the call is the program's own; until the block ends, what is called is not."""
        with self._lock:
            is_own = not self._inside
            self._inside.append(name)
            if is_own:
                self._learning.clear()
            if name in LEARNING | SELECTING:
                self._learning.append(name)
        try:
            yield is_own
        finally:
            with self._lock:
                self._inside.pop()

    def is_own_split(self) -> bool:
        """Asked for by the program, or by a search that it called."""
        return not self._inside or self._inside[0].endswith("SearchCV")

    def fitted(self, model: Any, given: Any, wanted: Any) -> None:
        """A model learns."""
        frame, answers = frame_of(given), frame_of(wanted)
        if len(self.notes.fits) >= MOST_FITS or frame is None or answers is None or answers.shape[1] != 1:
            return
        target = numbers_of(answers.iloc[:, 0])
        if target is None or len(target) != len(frame) or frame.shape[1] > MOST_COLUMNS:
            return
        step = -(-len(frame) // MOST_ROWS)
        columns = {str(name): numbers_of(frame.iloc[::step, place]) for place, name in enumerate(frame.columns)}
        numeric = {name: values for name, values in columns.items() if values is not None}
        values = np.column_stack(list(numeric.values())) if numeric else np.empty((len(frame.iloc[::step]), 0))
        self.notes.fits.append(
            Fit(type(model).__name__, list(numeric), values, target[::step].copy(), step, given, wanted)
        )

    def learnt(self, given: Any, made: Any) -> None:
        """A step was fitted on the rows and has changed them."""
        if not self._learning or len(self.notes.learnt) >= MOST_FITS:
            return
        name = self._learning[-1]
        before, after = hashes_of(given), hashes_of(made)
        frame = frame_of(made)
        if frame is None:
            return
        if name in SELECTING:
            if 0 < len(after) < len(before):
                self.notes.learnt.append(Learnt(name, len(frame), set(after.values()), is_choice=True))
        elif changed := set(after.values()) - set(before.values()):
            self.notes.learnt.append(Learnt(name, len(frame), changed))

    def split(self, given: list[Any]) -> Split | None:
        """The program splits its rows."""
        if len(self.notes.splits) >= MOST_SPLITS or not self.is_own_split():
            return None
        self.notes.splits.append(Split([one for one in given if one is not None]))
        return self.notes.splits[-1]


@contextmanager
def recording() -> Iterator[Notes]:
    """Notes of everything that is called until the block ends."""
    recorder = Recorder()
    undo: Undo = []
    try:
        _watch_estimators(recorder, undo)
        _watch_splits(recorder, undo)
        yield recorder.notes
    finally:
        for owner, name, original in reversed(undo):
            with suppress(Exception):
                setattr(owner, name, original)


def _replace(owner: Any, name: str, make: Callable[[Any], Any], undo: Undo) -> None:
    original = vars(owner)[name]
    if callable(original) and not isinstance(original, staticmethod | classmethod):
        setattr(owner, name, functools.wraps(original)(make(original)))
        undo.append((owner, name, original))


def _watch_estimators(recorder: Recorder, undo: Undo) -> None:
    """Every class that there is, and those that the program imports later."""
    from sklearn.base import BaseEstimator, TransformerMixin

    waiting: list[type] = [BaseEstimator, TransformerMixin]
    seen = set(waiting)
    while waiting:
        kind = waiting.pop()
        _watch_class(kind, recorder, undo)
        new: set[type] = set(kind.__subclasses__()) - seen
        waiting += new
        seen |= new
    plain = BaseEstimator.__init_subclass__

    def enter(cls: type, /, **named: Any) -> None:
        plain.__func__(cls, **named)
        with suppress(Exception):
            _watch_class(cls, recorder, undo)

    BaseEstimator.__init_subclass__ = classmethod(enter)
    undo.append((BaseEstimator, "__init_subclass__", plain))


def _watch_class(kind: type, recorder: Recorder, undo: Undo) -> None:
    makers = {"fit": _watched_fit, "fit_transform": _watched_fit_transform, "transform": _watched_transform}
    for name, make in makers.items():
        if name in vars(kind):
            _replace(kind, name, functools.partial(make, recorder), undo)


def _watched_fit(recorder: Recorder, original: Any) -> Any:
    def fit(self: Any, X: Any = None, *more: Any, **named: Any) -> Any:  # noqa: N803 (as scikit-learn calls it)
        given = {} if X is None else {"X": X}
        with recorder.inside(type(self).__name__) as is_own:
            if is_own and hasattr(self, "predict"):
                with suppress(Exception):
                    recorder.fitted(self, X, more[0] if more else named.get("y"))
            done = original(self, *given.values(), *more, **named)
        if is_own:
            with suppress(Exception):
                self._fitted_on_rows = len(X) if recorder._learning else 0
        return done

    return fit


def _watched_fit_transform(recorder: Recorder, original: Any) -> Any:
    def fit_transform(self: Any, X: Any, *more: Any, **named: Any) -> Any:  # noqa: N803
        with recorder.inside(type(self).__name__) as is_own:
            made = original(self, X, *more, **named)
        if is_own:
            with suppress(Exception):
                recorder.learnt(X, made)
        return made

    return fit_transform


def _watched_transform(recorder: Recorder, original: Any) -> Any:
    def transform(self: Any, X: Any, *more: Any, **named: Any) -> Any:  # noqa: N803
        name = type(self).__name__
        with recorder.inside(name) as is_own:
            made = original(self, X, *more, **named)
        if is_own:
            with suppress(Exception):
                # Of the rows it was fitted on: those of a test file are transformed by it as they should be.
                if getattr(self, "_fitted_on_rows", 0) == len(X):
                    recorder.learnt(X, made)
        return made

    return transform


def _watch_splits(recorder: Recorder, undo: Undo) -> None:
    import sklearn.model_selection
    from sklearn.model_selection import _split

    for kind in vars(_split).values():
        if isinstance(kind, type) and kind.__module__ == _split.__name__ and "split" in vars(kind):
            _replace(kind, "split", functools.partial(_watched_split, recorder), undo)
    for module in (_split, sklearn.model_selection):
        _replace(module, "train_test_split", functools.partial(_watched_cut, recorder), undo)


def _watched_split(recorder: Recorder, original: Any) -> Any:
    def split(self: Any, X: Any, y: Any = None, groups: Any = None) -> Iterator[Any]:  # noqa: N803
        note = None
        with suppress(Exception):
            note = recorder.split([X, y])
        with recorder.inside("split"):
            folds = list(original(self, X, y, groups))
        if note is not None:
            note.folds += folds[:MOST_FOLDS]
        yield from folds

    return split


def _watched_cut(recorder: Recorder, original: Any) -> Any:
    def train_test_split(*arrays: Any, **options: Any) -> Any:
        note = None
        with suppress(Exception):
            note = recorder.split(list(arrays))
        with recorder.inside("split"):
            parts = original(*arrays, **options)
        if note is not None and arrays:
            with suppress(Exception):
                places = original(np.arange(len(arrays[0])), **options)
                note.folds.append((places[0], places[1]))
        return parts

    return train_test_split
