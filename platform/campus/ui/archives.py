"""What every reader of an uploaded zip looks at before it believes a byte: names, kinds and sizes of its entries."""

import re
import stat
import zipfile
import zlib
from enum import StrEnum
from pathlib import PurePosixPath

MEGABYTE = 1_000_000
MOST_TIMES = 200  # as large as packed, for what is larger than a megabyte
# What zipfile raises for damaged files; RuntimeError is its word for a way to pack that it doesn't know.
DAMAGED = (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, EOFError, ValueError, zlib.error)
_ENCRYPTED = 1  # of an entry's flags

# What other systems put into archives.
_IGNORED = re.compile(r"(^|/)(__MACOSX(/|$)|\.[^./][^/]*(/|$)|Thumbs\.db$|desktop\.ini$|__pycache__(/|$))")


class EntryFault(StrEnum):
    """Why an entry is not unpacked."""

    OUTSIDE = "outside"  # its name leads out of the folder that it is unpacked into
    NO_FILE = "no_file"  # a link or a device
    SWOLLEN = "swollen"  # it unpacks to far more than files do


class Locked(Exception):
    """An entry takes a password to read."""


class TooLarge(Exception):
    """An entry holds more than may be read, whatever it says of itself."""


def files_in(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The entries that are meant: no folders, nothing that systems add by themselves."""
    return [entry for entry in archive.infolist() if not entry.is_dir() and not _IGNORED.search(entry.filename)]


def faults_of(entry: zipfile.ZipInfo) -> list[EntryFault]:
    """What the entry itself says against it."""
    name = entry.filename
    mode = entry.external_attr >> 16
    found = {
        EntryFault.OUTSIDE: name.startswith("/")
        or ".." in PurePosixPath(name).parts
        or "\\" in name
        or ":" in name
        or not name.isprintable(),
        EntryFault.NO_FILE: bool(mode) and not (stat.S_ISREG(mode) or stat.S_IFMT(mode) == 0),
        EntryFault.SWOLLEN: entry.file_size > MEGABYTE and entry.file_size > MOST_TIMES * max(1, entry.compress_size),
    }
    return [fault for fault, is_so in found.items() if is_so]


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, most: int) -> bytes:
    """Unpack one entry of at most so many bytes; what it says of its size is not believed. Raises TooLarge, Locked."""
    if entry.flag_bits & _ENCRYPTED:
        raise Locked
    limit = min(most, entry.file_size)
    with archive.open(entry) as source:
        content = source.read(limit + 1)
    if len(content) > limit:
        raise TooLarge
    return content
