"""Judges what came back from a run: numbers that may be scored, or problems in words. Everything in it is suspect."""

from __future__ import annotations

import builtins
import json
import math
import signal
import unicodedata
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.contract import Kind
from grader.pack import Pack
from grader.pack.form import RunLimits, ValueColumn
from grader.problems import JSON, Problem, shown

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Names of errors that may be told of a run on hidden data; any other could carry some of them out.
_KNOWN_ERRORS = {
    name for name, thing in vars(builtins).items() if isinstance(thing, type) and issubclass(thing, BaseException)
} | {
    "LinAlgError", "NotFittedError", "ParserError", "EmptyDataError", "UndefinedVariableError", "MergeError",
    "JSONDecodeError", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "Fail", "RuntimeException",
    "UntrustedTypesFoundException", "BadZipFile", "OutOfBoundsDatetime", "IntCastingNaNError", "SpecificationError",
}  # fmt: skip
_OF_MEMORY = {"MemoryError", "_ArrayMemoryError"}
_FIELDS = ("error", "line", "cell")


def judge(
    done: tuple[dict[str, Any], list[bytes]], *, pack: Pack, limits: RunLimits, rows: int, source: bytes
) -> tuple[Floats | None, tuple[Problem, ...]]:
    """The values, or why there are none. Raises KeyError, TypeError or ValueError when the runner itself is garbled."""
    header, (answer, error, _) = done
    if header["end"] == "answered":
        return _values(answer, pack=pack, rows=rows)
    if header["end"] == "error":
        return None, (_told(error, pack=pack, limits=limits, rows=rows, source=source),)
    return None, (_ended(str(header["end"]), int(header["signal"]), pack=pack, limits=limits, rows=rows),)


def _values(answer: bytes, *, pack: Pack, rows: int) -> tuple[Floats | None, tuple[Problem, ...]]:
    columns = pack.submission.columns
    if len(answer) != rows * len(columns) * 8:
        return None, (_malformed(pack, rows),)
    values = np.frombuffer(answer, dtype="<f8").reshape(rows, len(columns)).astype(np.float64)
    problems = tuple(
        problem for place, column in enumerate(columns) for problem in _wrong_values(values[:, place], column)
    )
    return (None, problems) if problems else (values, ())


def _wrong_values(values: Floats, column: ValueColumn) -> Iterator[Problem]:
    """The first value of each sort that the case does not take."""
    finite = np.isfinite(values)
    if not finite.all():
        yield Problem("answer_not_finite", {"row": _first(~finite), "column": column.name})
        return
    for code, wrong, limit in _outside(values, column):
        if wrong.any():
            row = _first(wrong)
            bound: dict[str, JSON] = {} if limit is None else {"limit": limit}
            yield Problem(code, {"row": row, "column": column.name, "value": float(values[row - 1]), **bound})


def _outside(values: Floats, column: ValueColumn) -> Iterator[tuple[str, Mask, float | None]]:
    if column.min is not None:
        yield "answer_too_small", values < column.min, column.min
    if column.max is not None:
        yield "answer_too_large", values > column.max, column.max
    if column.integer:
        yield "answer_not_integer", values != np.round(values), None


def _first(wrong: Mask) -> int:
    return int(np.argmax(wrong)) + 1


def _malformed(pack: Pack, rows: int) -> Problem:
    names = ", ".join(_both_names(column) for column in pack.submission.columns)
    return Problem("answer_malformed", {"rows": rows, "columns": names})


def _both_names(column: ValueColumn) -> str:
    """A program may answer by either."""
    return column.name if column.alias == column.name else f"{column.name} ({column.alias})"


def _told(error: bytes, *, pack: Pack, limits: RunLimits, rows: int, source: bytes) -> Problem:
    """What a child says went wrong, as far as it is told on: a known class, and a line that there is."""
    try:
        said = json.loads(error)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        return Problem("answer_missing")
    name, line, cell = (said.get(field) for field in _FIELDS)
    if not isinstance(name, str):
        name = ""
    if said.get("malformed") is True:
        return _malformed(pack, rows)
    if said.get("nothing") is True:
        return Problem("notebook_left_nothing" if limits.kind is Kind.NOTEBOOK else "predict_returned_nothing")
    if name in _OF_MEMORY:
        return Problem("run_memory", {"memory_mb": limits.memory_mb})
    known = name if name in _KNOWN_ERRORS else "Exception"
    lines = source.count(b"\n") + source.count(b"\\n") + 1
    if not _is_place(line, lines):
        return Problem("run_error", {"error": known})
    if _is_place(cell, source.count(b'"cell_type"')):
        return Problem("run_error_in_cell", {"error": known, "line": line, "cell": cell})
    return Problem("run_error_at", {"error": known, "line": line})


# What hints may tell, and of what type each part is.
_TOLD_BY_HINTS: dict[str, dict[str, type]] = {
    "hint_future": {"columns": str, "target": str},
    "hint_single_feature": {"column": str, "target": str, "measure": str, "value": float},
    "hint_fit_before_split": {"transformer": str},
    "hint_time_folds": {"share": float},
    "hint_group_folds": {"column": str, "shared": int, "groups": int},
}
_MOST_HINTS = 10


def advice(done: tuple[dict[str, Any], list[bytes]]) -> tuple[Problem, ...]:
    """The hints of a watched run, which saw public data only; what does not have the form of one is dropped."""
    header, (answer, _, _) = done
    try:
        found = json.loads(answer) if header["end"] == "advised" else []
    except (ValueError, RecursionError):
        return ()
    hints = [_hint(each) for each in found[:_MOST_HINTS]] if isinstance(found, list) else []
    return tuple(hint for hint in hints if hint is not None)


def _hint(said: Any) -> Problem | None:
    code = said.get("code") if isinstance(said, dict) else None
    parts = _TOLD_BY_HINTS.get(code) if isinstance(code, str) else None
    if parts is None or any(type(said.get(name)) is not kind for name, kind in parts.items()):
        return None
    params = {name: shown(said[name], most=100) if kind is str else said[name] for name, kind in parts.items()}
    if not all(math.isfinite(value) for value in params.values() if isinstance(value, float)):
        return None
    return Problem(str(code), params)


def _is_place(number: object, most: int) -> bool:
    return type(number) is int and 1 <= number <= most


def _ended(end: str, number: int, *, pack: Pack, limits: RunLimits, rows: int) -> Problem:
    if end == "timeout" or (end == "crashed" and number == signal.SIGXCPU):
        return Problem("run_timeout", {"seconds": limits.seconds})
    if end == "crashed":
        return Problem("run_crashed", {"signal": _signal_name(number), "memory_mb": limits.memory_mb})
    known = {
        "output": Problem("run_output", {"bytes": limits.output_bytes}),
        "malformed": _malformed(pack, rows),
        "missing": Problem("answer_missing"),
        "cancelled": Problem("run_cancelled"),
    }
    return known[end]


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def readable(log: bytes) -> str:
    """A log as text: line breaks and tabs are kept, other control characters are not."""
    text = log.decode("utf-8", "replace").replace("\r\n", "\n")
    return "".join(character if _is_shown(character) else "�" for character in text)


def _is_shown(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")
