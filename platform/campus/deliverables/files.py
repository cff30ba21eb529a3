"""What files may be handed in, and where they lie. The content decides, not the name; nothing here runs anywhere."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Protocol

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from campus.deliverables.models import LONGEST_NAME, File, FileKind
from campus.deliverables.refusals import FileRefused
from campus.submissions.files import store
from campus.ui.file_kinds import PICTURES, is_pdf, is_text, plain_name
from campus.ui.files import digest_of, name_of
from campus.ui.pictures import cleaned

FOLDER = "deliverables"
MEGABYTE = 1024 * 1024
MOST_FILES = 5


class Uploaded(Protocol):
    """A file as Django's form hands it over."""

    @property
    def name(self) -> str | None: ...
    @property
    def size(self) -> int | None: ...
    def read(self) -> bytes: ...


def _is_notebook(data: bytes) -> bool:
    """A notebook in any language: what can be shown of it is found out when it is rendered."""
    try:
        return isinstance(json.loads(data.decode("utf-8-sig"))["cells"], list)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


@dataclass(frozen=True)
class _Kind:
    """A kind of file: how large it may be (MB), and whether bytes are of it."""

    kind: FileKind
    largest: int
    fits: Callable[[bytes], bool]


# By the ending of the name. Animated pictures are no pages.
_KINDS: dict[str, _Kind] = {
    ".pdf": _Kind(FileKind.PDF, 20, is_pdf),
    ".ipynb": _Kind(FileKind.NOTEBOOK, 10, _is_notebook),
    ".csv": _Kind(FileKind.CSV, 10, is_text),
    **{ending: _Kind(FileKind.PICTURE, 10, PICTURES[ending][1]) for ending in (".png", ".jpg", ".jpeg", ".webp")},
}
ACCEPTED = ",".join(_KINDS)
LARGEST = max(kind.largest for kind in _KINDS.values()) * MEGABYTE
# What people have instead, and must save as something else first.
_SLIDES = {".pptx", ".ppt", ".key", ".odp", ".docx", ".doc", ".odt"}
_SHEETS = {".xlsx", ".xls", ".ods", ".numbers"}


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be handed in, and lies in the storage."""

    name: str
    kind: FileKind
    digest: str
    size: int


def check_and_store(upload: Uploaded) -> CheckedFile:
    """Keep the file; call it before the transaction that refers to it. Raises FileRefused or StorageFull in words."""
    name = plain_name(upload.name or "", longest=LONGEST_NAME)
    kind = _kind_of(name)
    if (upload.size or 0) > kind.largest * MEGABYTE:
        words = _("“%(name)s” is larger than %(limit)s MB. Make it smaller, for example by using smaller pictures.")
        raise FileRefused(words % {"name": name, "limit": kind.largest})
    data = upload.read()
    if not data:
        raise FileRefused(_("“%(name)s” is empty. Check the file and add it again.") % {"name": name})
    if kind.kind == FileKind.PICTURE and kind.fits(data):
        data = cleaned(data)
    if not kind.fits(data):
        words = _(
            "The content of “%(name)s” doesn’t match its file type. Save it again in the right format and add it once "
            "more."
        )
        raise FileRefused(words % {"name": name})
    store(data, folder=FOLDER)
    return CheckedFile(name=name, kind=kind.kind, digest=digest_of(data), size=len(data))


def _kind_of(name: str) -> _Kind:
    ending = PurePath(name).suffix.lower()
    if ending in _KINDS:
        return _KINDS[ending]
    if ending in _SLIDES:
        words = _("“%(name)s” can’t be shown on the page. Save it as a PDF and add the PDF.")
    elif ending in _SHEETS:
        words = _("“%(name)s” can’t be shown on the page. Save the table as CSV or as a PDF and add that.")
    else:
        words = _(
            "“%(name)s” is not a type of file that can be handed in here. You can hand in PDFs, notebooks, CSV files "
            "and pictures (PNG, JPEG)."
        )
    raise FileRefused(words % {"name": name})


def open_file(file: File) -> IO[bytes]:
    """The file as it was handed in."""
    return default_storage.open(name_of(file.digest, folder=FOLDER), "rb")
