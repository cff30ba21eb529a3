"""The ids of the rows to predict, in their canonical order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

LONGEST_ID = 100


@dataclass(frozen=True, eq=False)
class Ids:
    """Unique ids as text; their order is the order of rows everywhere in grading."""

    values: tuple[str, ...]

    @classmethod
    def of(cls, values: Sequence[str]) -> Ids:
        """The ids, or ValueError when one is empty, too long, padded, doubled or needs quoting in CSV."""
        for value in values:
            if not value or len(value) > LONGEST_ID or value != value.strip() or set(value) & set(',"\r\n\0'):
                raise ValueError(f"{value!r} cannot be an id")
        if len(set(values)) < len(values):
            raise ValueError("an id stands there twice")
        return cls(tuple(values))

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The canonical row of each id."""
        return {value: row for row, value in enumerate(self.values)}

    @cached_property
    def encoded(self) -> list[bytes]:
        """The ids in UTF-8."""
        return [value.encode() for value in self.values]

    @cached_property
    def row_of_encoded(self) -> dict[bytes, int]:
        """The canonical row of each id in UTF-8."""
        return {value: row for row, value in enumerate(self.encoded)}

    @cached_property
    def joined(self) -> NDArray[np.uint8]:
        """The bytes of all ids in UTF-8, one after the other."""
        return np.frombuffer(b"".join(self.encoded), dtype=np.uint8)

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """The length of each id in bytes of UTF-8."""
        return np.array([len(value) for value in self.encoded], dtype=np.int64)
