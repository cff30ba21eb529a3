"""One cell: the number it holds, or why it holds none."""

from __future__ import annotations

import math
import re

from grader.pack.form import ValueColumn
from grader.problems import JSON

HUGE = 1e15

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_MISSING = {"nan", "+nan", "-nan", "na", "n/a", "#n/a", "<na>", "nat", "null", "none"}
_INFINITE = re.compile(r"[+-]?(inf|infinity|∞)")

# Full-width forms of ASCII, the full-width space and the minus sign that Japanese input methods write.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2212: 0x2D}


def narrow(cell: str) -> str:
    """The cell with full-width characters as plain ones, without outer spaces."""
    stripped = cell.strip()
    return stripped if stripped.isascii() else stripped.translate(_NARROW).strip()


def read_number(cell: str) -> float | str:
    """The finite number in the narrowed cell, or the code of the problem with it."""
    if _NUMBER.fullmatch(cell):
        value = float(cell) + 0.0  # + 0.0 turns −0.0 into 0.0
        return value if abs(value) <= HUGE else "value_huge"
    return _why_no_number(cell)


def _why_no_number(cell: str) -> str:
    if not cell:
        return "value_empty"
    lower = cell.lower()
    if lower in _MISSING:
        return "value_nan"
    if _INFINITE.fullmatch(lower):
        return "value_infinite"
    if _THOUSANDS.fullmatch(cell):
        return "value_thousands"
    return "value_decimal_comma" if _DECIMAL_COMMA.fullmatch(cell) else "value_not_number"


def out_of_bounds(value: float, column: ValueColumn) -> tuple[str, dict[str, JSON]] | None:
    """The code and limit of the bound that the value breaks, or None."""
    if column.min is not None and value < column.min:
        code = "value_negative" if value < 0 <= column.min else "value_too_small"
        return code, {"limit": _short(column.min)}
    if column.max is not None and value > column.max:
        return "value_too_large", {"limit": _short(column.max)}
    if column.integer and not value.is_integer():
        return "value_not_integer", {}
    return None


def _short(limit: float) -> float | int:
    return int(limit) if math.isfinite(limit) and limit == int(limit) else limit
