"""What a run is given, as one block of bytes: a header in JSON, then the data, each part on a multiple of 64.

Written by the client, read by warm processes and children; it never holds a truth.
"""

from __future__ import annotations

import json
import mmap
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

ALIGNED = 64
_START = struct.Struct("=8sQ")
_MAGIC = b"manabiai"


def write(header: dict[str, Any], parts: dict[str, bytes]) -> bytes:
    """The block; the header tells of each part under "parts": where it stands and its size."""
    places, at = {}, 0
    for name, part in parts.items():
        places[name] = {"at": at, "size": len(part)}
        at += _padded(len(part))
    told = json.dumps({**header, "parts": places}, ensure_ascii=False).encode()
    start = _START.pack(_MAGIC, len(told)) + told
    blocks = [start.ljust(_padded(len(start)), b"\0")]
    blocks += [part.ljust(_padded(len(part)), b"\0") for part in parts.values()]
    return b"".join(blocks)


def _padded(size: int) -> int:
    return -(-size // ALIGNED) * ALIGNED


class Content:
    """A block that was written by ``write``."""

    def __init__(self, data: memoryview) -> None:
        magic, size = _START.unpack_from(data)
        if magic != _MAGIC:
            raise ValueError("no payload")
        self.data = data
        self.header: dict[str, Any] = json.loads(bytes(data[_START.size : _START.size + size]))
        self._first = _padded(_START.size + size)

    def part(self, name: str) -> memoryview:
        """One part, not copied."""
        place = self.header["parts"][name]
        start = self._first + place["at"]
        return self.data[start : start + place["size"]]

    def texts(self, name: str) -> list[str]:
        """A part that holds lines of text; none of them has a line break."""
        text = str(self.part(name), "utf-8")
        return text.split("\n") if text else []


def mapped(descriptor: int) -> Content:
    """The block in shared memory, for as long as this process lives."""
    return Content(memoryview(mmap.mmap(descriptor, 0, prot=mmap.PROT_READ)))


@contextmanager
def opened(descriptor: int) -> Iterator[Content]:
    """The same for a while only."""
    with mmap.mmap(descriptor, 0, prot=mmap.PROT_READ) as memory:
        view = memoryview(memory)
        content = Content(view)
        try:
            yield content
        finally:
            content.data = memoryview(b"")
            view.release()
