"""Files sent as one zip while it is made: nothing is written to the disk, and memory holds one piece of a file."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.files import File

PIECE = 256 * 1024  # bytes


@dataclass(frozen=True)
class Packed:
    """A file as it stands in the zip: its name there, when it was changed (by the reader's clock), and its bytes."""

    name: str
    changed_at: datetime
    stored: File


class _Outlet(io.RawIOBase):
    """What the zip is written to: holds what was written until it is taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def zipped(files: Iterable[Packed]) -> Iterator[bytes]:
    """The zip, piece by piece; not packed any tighter, because most of what people upload is packed already."""
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:
        for one in files:
            changed = one.changed_at.timetuple()[:6]
            with one.stored.open("rb") as source, archive.open(zipfile.ZipInfo(one.name, changed), "w") as entry:
                while piece := source.read(PIECE):
                    entry.write(piece)
                    yield outlet.take()
    yield outlet.take()
