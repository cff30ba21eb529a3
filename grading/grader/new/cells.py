"""The cells of one column: which type they are, and their values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from grader.csvfile.values import narrow
from grader.new.dates import read_moments
from grader.pack.text import Text
from grader.problems import JSON, shown

# So large a share of numbers (or days) in a column makes the other cells likely mistakes.
NEARLY_ALL = 0.95
EXAMPLES = 3
LONGEST_NUMBER = 15  # digits that float64 holds exactly
LOOKED_AT = 20_000  # different texts, to tell whether most of them are numbers

_MISSING = {
    "",
    "na",
    "n/a",
    "#n/a",
    "nan",
    "null",
    "none",
    "<na>",
    "nat",
    "-",
    "--",
    "ー",
    "―",
    "−",
    "#value!",
    "#div/0!",
}
_MISSING_TEXT = _MISSING - {"-", "--", "ー", "―", "−", "none"}
# What people write where nothing was measured; a kind of its own where other words stand in the column.
_MISSING_WORDS = {"欠測", "欠損", "欠測値", "未測定", "未計測", "測定不可", "未入力", "未記入", "不明", "***", "…"}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_CODE = re.compile(r"0\d+")
_HINTS_AT_DAYS = re.compile(r"日|年月|期|date|day|time", re.IGNORECASE)
_SIGNS = {
    "¥": Text("円", "yen"),
    "￥": Text("円", "yen"),
    "\\": Text("円", "yen"),
    "円": Text("円", "yen"),
    "千円": Text("千円", "thousand yen"),
    "%": Text("%", "%"),
    "個": Text("個", "units"),
    "人": Text("人", "people"),
    "名": Text("人", "people"),
    "件": Text("件", "cases"),
    "台": Text("台", "units"),
    "時間": Text("時間", "hours"),
    "分": Text("分", "minutes"),
    "回": Text("回", "times"),
    "日": Text("日", "days"),
    "kg": Text("kg", "kg"),
    "℃": Text("℃", "°C"),
    "°C": Text("℃", "°C"),
}
_SIGN_OF_NAME = re.compile(r"[(（\[［]([^()（）]{1,8})[)）\]］]$")
_SIGN = re.compile(
    r"(?P<minus>[-▲△])?\s*(?P<before>[¥￥\\])?\s*(?P<number>[-+]?[\d,.]+)\s*(?P<after>千円|円|%|個|人|名|件|台|時間|日|kg|℃|°C)?"
)
_YES_NO = [
    ({"true", "t"}, {"false", "f"}),
    ({"はい"}, {"いいえ"}),
    ({"有", "あり", "有り"}, {"無", "なし", "無し"}),
    ({"○", "◯", "〇"}, {"×", "✕", "x"}),
    ({"yes", "y"}, {"no", "n"}),
]

Notice = tuple[str, dict[str, JSON]]
Values = NDArray[Any] | pd.Categorical
Codes = NDArray[np.int64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Field:
    """A column. values: float64 for int, float and bool, datetime64[D] for date, else a categorical of text.

    Missing are NaN, NaT and the empty text.
    """

    name: str
    dtype: str
    values: Values
    unit: Text | None = None

    @property
    def missing(self) -> NDArray[np.bool_]:
        if isinstance(self.values, pd.Categorical):
            return np.asarray(self.values == "", dtype=np.bool_)
        return np.asarray(pd.isna(self.values), dtype=np.bool_)

    def take(self, rows: Rows) -> Field:
        """The column with these rows only."""
        return replace(self, values=self.values[rows])

    @property
    def codes(self) -> Codes:
        """A number for each different value, in no order that means something."""
        if isinstance(self.values, pd.Categorical):
            return self.values.codes.astype(np.int64)
        return pd.factorize(self.values, use_na_sentinel=False)[0].astype(np.int64)

    @property
    def numbers(self) -> NDArray[np.float64]:
        """The values as numbers: days since 1970 for dates, codes for text; NaN where missing."""
        if isinstance(self.values, pd.Categorical):
            return self.codes.astype(np.float64)
        if self.dtype == "date":
            days = self.values.astype("datetime64[D]").astype(np.int64).astype(np.float64)
            return np.where(self.missing, np.nan, days)
        return np.asarray(self.values, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Read:
    """What a column of the file became: one field, or two where days have a time of day."""

    fields: tuple[Field, ...]
    notices: tuple[Notice, ...] = ()
    is_empty: bool = False


def read_cells(name: str, cells: pd.Categorical) -> Read:
    """Guess the column's type from its different values, which are far fewer than its rows in most columns."""
    texts = [_narrowed(str(text)) for text in cells.categories]
    words = sorted(_MISSING_WORDS.intersection(texts))
    missing = np.array([text.lower() in _MISSING or text in words for text in texts], dtype=np.bool_)
    known = [text for text, is_missing in zip(texts, missing, strict=True) if not is_missing]
    if not known:
        return Read((_as_text(name, cells, texts),), is_empty=True)
    for reader in (_as_yes_no, _as_days, _as_numbers):
        read = reader(name, known)
        if read is not None:
            told: list[Notice] = [("new_missing_words", {"value": ", ".join(words)})] if words else []
            return _spread(replace(read, notices=(*read.notices, *told)), cells.codes, missing)
    return Read((_as_text(name, cells, texts),), notices=tuple(_nearly(known)))


def _narrowed(text: str) -> str:
    return text.strip() if text.isascii() else narrow(text)


def _spread(read: Read, codes: NDArray[Any], missing: NDArray[np.bool_]) -> Read:
    """Values of the different texts (without the missing ones) to the rows."""
    place = np.cumsum(~missing) - 1

    def of_rows(field: Field) -> Field:
        nothing = np.datetime64("NaT", "D") if field.dtype == "date" else np.nan
        values = np.asarray(field.values)
        by_code = np.where(missing, nothing, values[np.maximum(place, 0)])
        return Field(field.name, field.dtype, by_code[codes], field.unit)

    return Read(tuple(map(of_rows, read.fields)), read.notices)


def _as_yes_no(name: str, known: Sequence[str]) -> Read | None:
    lower = {text.lower() for text in known}
    for yes, no in _YES_NO:
        if lower <= yes | no and lower & yes and lower & no:
            values = np.array([float(text.lower() in yes) for text in known])
            notice: Notice = ("new_yes_no", {"yes": next(text for text in known if text.lower() in yes)})
            return Read((Field(name, "bool", values),), (notice,))
    return None


def _as_days(name: str, known: Sequence[str]) -> Read | None:
    read = read_moments(known, packed=bool(_HINTS_AT_DAYS.search(name)))
    if read is None:
        return None
    days, hours = read
    fields = [Field(name, "date", days)]
    if len(np.unique(hours[np.isfinite(hours)])) > 1:
        fields.append(Field(f"{name}（時）", "float", np.round(np.nan_to_num(hours), 4), Text("時", "hour")))
    return Read(tuple(fields))


def _as_numbers(name: str, known: Sequence[str]) -> Read | None:
    if any(_CODE.fullmatch(text) for text in known) or any(_is_long(text) for text in known):
        return None  # 007 and the like are names
    # The parser takes words such as inf and 0x1F too, which are no numbers of an office.
    values = pd.to_numeric(pd.Series(known, dtype=object), errors="coerce").to_numpy(dtype=np.float64)
    if np.isfinite(values).all() and not any(text[-1:].isalpha() or "x" in text.lower() for text in known):
        return Read((_number(name, values, None),))
    read = [_signed(text) for text in known]
    if any(one is None for one in read):
        return None
    numbers = [one for one in read if one is not None]
    units = {unit.ja: unit for _, unit in numbers if unit is not None}
    if len(units) > 1:
        return None
    unit = next(iter(units.values()), None)
    return Read((_number(name, np.array([value for value, _ in numbers]), unit),))


def _is_long(text: str) -> bool:
    return len(text) > LONGEST_NUMBER and text.isdigit()


def _number(name: str, values: NDArray[np.float64], unit: Text | None) -> Field:
    is_whole = bool((values == np.round(values)).all() and (np.abs(values) < 2**53).all())
    return Field(name, "int" if is_whole else "float", values, unit or _unit_in(name))


def _unit_in(name: str) -> Text | None:
    """The unit that a header ends with: 重量(kg), 電力量（kWh）."""
    found = _SIGN_OF_NAME.search(name)
    if not found:
        return None
    sign = narrow(found[1])
    return _SIGNS.get(sign) or (Text(sign, sign) if sign.isascii() else None)


def _signed(text: str) -> tuple[float, Text | None] | None:
    """The number in a cell such as ¥1,234 or 85%, with its unit."""
    found = _SIGN.fullmatch(text)
    if not found:
        return (float(text), None) if _NUMBER.fullmatch(text) else None
    number = f"-{found['number']}" if found["minus"] else found["number"]
    if _THOUSANDS.fullmatch(number):
        number = number.replace(",", "")
    if not _NUMBER.fullmatch(number):
        return None
    return float(number), _SIGNS.get(found["after"] or found["before"] or "")


def _as_text(name: str, cells: pd.Categorical, texts: Sequence[str]) -> Field:
    """The text as it stands, without outer spaces; what only means “missing” is empty."""
    kept = [
        "" if narrowed.lower() in _MISSING_TEXT else re.sub(r"\s+", " ", str(text)).strip()
        for text, narrowed in zip(cells.categories, texts, strict=True)
    ]
    codes, uniques = pd.factorize(np.array(kept, dtype=object))
    return Field(
        name, "text", pd.Categorical.from_codes(codes[cells.codes], categories=pd.Index(uniques, dtype=object))
    )


def _nearly(known: Sequence[str]) -> list[Notice]:
    """A notice where almost all cells are numbers or days and a few words make the column text."""
    known = known[:LOOKED_AT]
    for code, is_one in (("new_nearly_numbers", _is_number), ("new_nearly_days", _is_day)):
        others = [text for text in known if not is_one(text)]
        if len(known) > len(others) > 0 and len(others) <= (1 - NEARLY_ALL) * len(known):
            params: dict[str, JSON] = {"count": len(others), "value": shown(", ".join(others[:EXAMPLES]))}
            return [(code, params)]
    return []


def _is_number(text: str) -> bool:
    return not _CODE.fullmatch(text) and _signed(text) is not None


def _is_day(text: str) -> bool:
    return read_moments([text]) is not None
