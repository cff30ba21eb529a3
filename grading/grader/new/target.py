"""The column to predict, as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from grader.new.cells import Field
from grader.pack.reading import PackError
from grader.pack.text import Text
from grader.problems import JSON, Problem, shown

MOST_CLASSES = 20


class TargetKind(StrEnum):
    """What is predicted: yes or no, one of some classes, a count (whole, 0 or more), or any number."""

    BINARY = "binary"
    CLASSES = "classes"
    COUNT = "count"
    NUMBER = "number"


@dataclass(frozen=True, eq=False)
class Target:
    """values: float64 (rows,); for classes 0, 1, 2…, whose meaning ``classes`` tells (empty where they are numbers)."""

    name: str
    kind: TargetKind
    values: NDArray[np.float64]
    is_whole: bool
    unit: Text | None = None
    classes: tuple[str, ...] = ()
    notices: tuple[Problem, ...] = ()

    @property
    def is_positive(self) -> bool:
        return bool(self.values.min() >= 0)

    def told(self) -> str:
        """The meaning of the classes: 0 = 合格, 1 = 不良."""
        return ", ".join(f"{number} = {name}" for number, name in enumerate(self.classes))


def read_target(field: Field, *, file: str) -> Target:
    """The target of the kept rows. Raises PackError where it can't be predicted by numbers."""
    if field.dtype == "date":
        raise PackError([Problem("new_target_date", {"file": file, "column": field.name})])
    if len(np.unique(field.codes)) < 2:
        raise PackError([Problem("new_target_constant", {"file": file, "column": field.name})])
    if isinstance(field.values, pd.Categorical):
        return _of_classes(field, file)
    values = np.asarray(field.values, dtype=np.float64)
    different = np.unique(values)
    if len(different) == 2 and field.dtype != "float":
        return _of_two(field, values, different, file)
    is_whole = field.dtype == "int"
    kind = TargetKind.COUNT if is_whole and values.min() >= 0 else TargetKind.NUMBER
    return Target(field.name, kind, values, is_whole, field.unit)


def _of_two(field: Field, values: NDArray[np.float64], different: NDArray[np.float64], file: str) -> Target:
    if different.tolist() == [0.0, 1.0]:
        return Target(field.name, TargetKind.BINARY, values, is_whole=True)
    classes = tuple(f"{value:g}" for value in different)
    coded = (values == different[1]).astype(np.float64)
    target = Target(field.name, TargetKind.BINARY, coded, is_whole=True, classes=classes)
    return _with_notice(target, file)


def _of_classes(field: Field, file: str) -> Target:
    texts = np.asarray(field.values, dtype=object)
    names, counts = np.unique(texts.astype(str), return_counts=True)
    if len(names) > MOST_CLASSES:
        example = shown(", ".join(names[:3]))
        params: dict[str, JSON] = {"file": file, "column": field.name, "count": len(names), "value": example}
        raise PackError([Problem("new_target_text", params)])
    # The rarest comes last: of two it is what is looked for (1).
    ordered = names[np.argsort(-counts, kind="stable")]
    coded = pd.Categorical(texts, categories=ordered).codes.astype(np.float64)
    kind = TargetKind.BINARY if len(ordered) == 2 else TargetKind.CLASSES
    return _with_notice(Target(field.name, kind, coded, is_whole=True, classes=tuple(map(str, ordered))), file)


def _with_notice(target: Target, file: str) -> Target:
    notice = Problem("new_target_coded", {"file": file, "column": target.name, "value": shown(target.told(), most=200)})
    return Target(target.name, target.kind, target.values, True, None, target.classes, (notice,))
