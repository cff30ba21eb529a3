"""Reads the wire format of protocol buffers, just enough to look into a model without loading it.

https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_FIXED = {FIXED64: 8, FIXED32: 4}
_LONGEST_VARINT = 10


class Damaged(Exception):
    """Bytes that are no message."""


@dataclass(frozen=True)
class Field:
    """value: the number of a varint, else 0. content: the bytes of the others."""

    number: int
    wire: int
    value: int
    content: memoryview

    def message(self) -> Message:
        """The content as a message. Raises Damaged when the field holds a number."""
        if self.wire != BYTES:
            raise Damaged
        return Message(self.content)

    def list_of(self, *, skipping: frozenset[int]) -> Message:
        """The same for a message that holds long lists of numbers or texts, which nobody asks for."""
        return Message(self.message()._data, skipping=skipping)


class Message:
    """Fields in the order in which they stand; nothing is copied.

    skipping: numbers (below 16) of repeated fields to pass over quickly; a forest has a million of them.
    """

    def __init__(self, data: bytes | memoryview, *, skipping: frozenset[int] = frozenset()) -> None:
        self._data = memoryview(data)
        self._skipped = {number << 3 | wire: wire for number in skipping for wire in (VARINT, FIXED32, BYTES)}
        self._known: list[Field] | None = None

    def all_fields(self) -> list[Field]:
        """Every field. Raises Damaged."""
        if self._known is None:
            self._known = list(self._read())
        return self._known

    def fields(self, number: int) -> list[Field]:
        """The fields of that number. Raises Damaged."""
        return [field for field in self.all_fields() if field.number == number]

    def text(self, number: int) -> str:
        """The last field of that number as text, "" when there is none. Raises Damaged."""
        found = self.fields(number)
        if not found:
            return ""
        try:
            return bytes(found[-1].message()._data).decode("utf-8")
        except UnicodeDecodeError:
            raise Damaged from None

    def _read(self) -> Iterator[Field]:
        at, end = 0, len(self._data)
        while at < end:
            if (wire := self._skipped.get(self._data[at], -1)) >= 0:
                at = self._past_run(at, wire)
                continue
            key, at = self._varint(at)
            number, wire = key >> 3, key & 7
            if number == 0:
                raise Damaged
            if wire == VARINT:
                value, at = self._varint(at)
                yield Field(number, wire, value, self._data[:0])
                continue
            size, at = self._size(wire, at)
            if size > end - at:
                raise Damaged
            yield Field(number, wire, 0, self._data[at : at + size])
            at += size

    def _past_run(self, at: int, wire: int) -> int:
        """Where the fields with the tag that stands at ``at`` end, one after the other."""
        if wire == BYTES:
            return self._past_texts(at)
        rest = np.frombuffer(self._data, dtype=np.uint8)[at:]
        if wire == FIXED32:
            tags = rest[: len(rest) - len(rest) % 5 : 5] == rest[0]
            fields = len(tags) if tags.all() else int(np.argmin(tags))
            if fields == 0:
                raise Damaged
            return at + 5 * fields
        return at + _past_varints(rest)

    def _past_texts(self, at: int) -> int:
        data, end, tag = self._data, len(self._data), self._data[at]
        while at < end and data[at] == tag:
            size, start = self._varint(at + 1)
            at = start + size
            if at > end:
                raise Damaged
        return at

    def _size(self, wire: int, at: int) -> tuple[int, int]:
        if wire == BYTES:
            return self._varint(at)
        if wire in _FIXED:
            return _FIXED[wire], at
        raise Damaged

    def _varint(self, at: int) -> tuple[int, int]:
        value = 0
        for place, byte in enumerate(self._data[at : at + _LONGEST_VARINT]):
            value |= (byte & 0x7F) << (7 * place)
            if byte < 0x80:
                return value, at + place + 1
        raise Damaged


def _past_varints(rest: np.ndarray[Any, np.dtype[np.uint8]]) -> int:
    """The length of the run of fields (tag, varint) at the start. Tags and last bytes alone are below 0x80."""
    ends = np.flatnonzero(rest < 0x80)
    ends = ends[: len(ends) - len(ends) % 2]
    tags, lasts = ends[::2], ends[1::2]
    follows = np.concatenate(([0], lasts[:-1] + 1)) == tags
    fits = follows & (rest[tags] == rest[0]) & (lasts - tags <= _LONGEST_VARINT) if len(tags) else follows
    fields = len(tags) if fits.all() else int(np.argmin(fits))
    if fields == 0:
        raise Damaged
    return int(lasts[fields - 1]) + 1
