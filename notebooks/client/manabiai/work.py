"""What is handed in, as a file: a path, a DataFrame (as CSV), or a fitted scikit-learn model (saved by skops)."""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import pandas as pd

from grader.contract import Kind
from manabiai.errors import ManabiaiError
from manabiai.words import Language, say

# skops has no registered type; its files are ZIP archives.
CONTENT_TYPES: dict[Kind, str] = {
    Kind.PREDICTIONS: "text/csv",
    Kind.ONNX: "application/octet-stream",
    Kind.SKOPS: "application/zip",
    Kind.CODE: "text/x-python",
    Kind.NOTEBOOK: "application/x-ipynb+json",
}


@runtime_checkable
class Model(Protocol):
    """A scikit-learn estimator, known by what it can do: this package does without scikit-learn."""

    def predict(self, data: Any, /) -> Any: ...

    def get_params(self, deep: bool = True) -> dict[str, Any]: ...


Work = str | Path | pd.DataFrame | Model


@dataclass(frozen=True)
class File:
    """A file as it will be sent. ``inputs``: of a fitted model, the names of the columns it was fitted on."""

    name: str
    data: bytes
    inputs: tuple[str, ...] = ()


def file_of(work: Work, *, language: Language) -> File:
    """The work as a file. Raises ManabiaiError when it can't be one, and says what to do."""
    if isinstance(work, pd.DataFrame):
        named = work if work.index.name is None else work.reset_index()
        return File("dataframe.csv", named.to_csv(index=False).encode())
    if isinstance(work, str | Path):
        return _opened(Path(work), language)
    if isinstance(work, Model) and not isinstance(work, type):
        inputs = tuple(str(name) for name in getattr(work, "feature_names_in_", ()))
        return File(f"{type(work).__name__}.skops", _saved(work, language), inputs)
    raise ManabiaiError(say("bad_work", language, type=type(work).__name__))


def _opened(path: Path, language: Language) -> File:
    try:
        return File(path.name, path.read_bytes())
    except OSError as error:
        raise ManabiaiError(say("no_file", language, path=path, detail=error.strerror)) from error


def _saved(model: Model, language: Language) -> bytes:
    """The fitted model in the format of skops, written in memory."""
    try:
        import skops.io
        from sklearn.exceptions import NotFittedError
        from sklearn.utils.validation import check_is_fitted
    except ImportError:
        raise ManabiaiError(say("no_skops", language)) from None
    try:
        check_is_fitted(model)
        saved: bytes = skops.io.dumps(model, compression=zipfile.ZIP_DEFLATED)
    except NotFittedError:
        raise ManabiaiError(say("not_fitted", language, type=type(model).__name__)) from None
    except (TypeError, ValueError, AttributeError, RuntimeError) as error:
        raise ManabiaiError(say("not_saved", language, type=type(model).__name__, detail=error)) from error
    return saved
