"""What may be attached to a post. The content decides, not the name; nothing here can run in a reader's browser."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from campus.ui.file_kinds import PICTURES, is_pdf, is_text, plain_name
from campus.ui.files import DiskFull, store
from campus.ui.pictures import cleaned

MOST_FILES = 4
LARGEST_FILE = 5 * 1024 * 1024  # bytes
LONGEST_NAME = 120
FOLDER = "discussion"


def _is_office(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04") and b"[Content_Types].xml" in data


# Everything else is only ever saved to the reader's disk.
_FILES: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    ".pdf": ("application/pdf", is_pdf),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _is_office),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _is_office),
    ".pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", _is_office),
    ".csv": ("text/csv", is_text),
    ".txt": ("text/plain", is_text),
    ".md": ("text/plain", is_text),
    ".py": ("text/plain", is_text),
    ".ipynb": ("application/json", is_text),
    ".json": ("application/json", is_text),
}
KINDS = PICTURES | _FILES
ACCEPTED = ",".join(KINDS)


class Uploaded(Protocol):
    """A file as Django's form hands it over."""

    @property
    def name(self) -> str | None: ...
    @property
    def size(self) -> int | None: ...
    def read(self) -> bytes: ...


@dataclass(frozen=True)
class StoredFile:
    """A checked file that lies in the storage."""

    name: str
    path: str
    size: int
    content_type: str


def check_and_store(
    files: Sequence[Uploaded], *, folder: str = FOLDER, largest: int = LARGEST_FILE
) -> list[StoredFile]:
    """Keep the files; call it before the transaction that refers to them. Raises ValidationError in words.

    largest: bytes of one file. Each app that refers to stored files has a folder of its own: who deletes bytes asks its
    own rows alone.
    """
    if len(files) > MOST_FILES:
        raise ValidationError(_("Please attach at most %(count)s files to a post.") % {"count": MOST_FILES})
    checked = [_checked(file, largest) for file in files]
    return [_stored(name, data, content_type, folder) for name, data, content_type in checked]


def _checked(file: Uploaded, largest: int) -> tuple[str, bytes, str]:
    name = plain_name(file.name or "", longest=LONGEST_NAME)
    suffix = PurePath(name).suffix.lower()
    if (file.size or 0) > largest:
        limit = largest // (1024 * 1024)
        raise ValidationError(
            _("“%(name)s” is larger than %(limit)s MB. Please choose a smaller file.") % {"name": name, "limit": limit}
        )
    if suffix not in KINDS:
        words = _("“%(name)s” is not a type of file that can be attached here. You can attach: %(kinds)s.")
        raise ValidationError(words % {"name": name, "kinds": ", ".join(KINDS)})
    content_type, fits = KINDS[suffix]
    data = file.read()
    if suffix in PICTURES and fits(data):
        data = cleaned(data)
    if not data or not fits(data):
        words = _(
            "The content of “%(name)s” doesn’t match its file type. Save it again in the right format and attach it "
            "once more."
        )
        raise ValidationError(words % {"name": name})
    return name, data, content_type


def _stored(name: str, data: bytes, content_type: str, folder: str) -> StoredFile:
    try:
        path = store(data, folder=folder)
    except DiskFull as error:
        raise ValidationError(_("The site has no room for files at the moment. Please tell the organiser.")) from error
    return StoredFile(name, path, len(data), content_type)
