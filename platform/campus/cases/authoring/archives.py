"""Unpacks a zip that an organiser sends. Nothing in it is trusted: names, sizes and kinds are looked at first.

What a pack may hold has its place; whatever has none is refused by name, so no code and no link comes in. What
organisers fetch to edit lacks the truth, which stays on the server and is put back where a zip comes without it.
"""

import io
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from campus.ui.archives import DAMAGED, MEGABYTE, EntryFault, Locked, TooLarge, faults_of, files_in, read_entry

MOST_FILES = 10_000  # pictures are many
MOST_BYTES = 400_000_000  # unpacked, all together
SHOWN_REFUSALS = 10

# The truth, answers near to it, and what was measured by it.
NEVER_LEAVES = ("data/truth", "data/baselines", "samples")
EXPECTED = "samples/expected.json"
TEXTS = {".toml", ".md"}

_PLACES = re.compile(
    r"""case\.toml | story\.(ja|en)\.md | [A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.md
    | pictures/[A-Za-z0-9_-]+\.(svg|png|jpg|webp)
    | data/(public|truth|baselines)/[A-Za-z0-9_.-]+\.csv
    | data/public/[A-Za-z0-9_-]+/[A-Za-z0-9_.-]+\.png
    | samples/(accepted|rejected)/[A-Za-z0-9_.-]+\.csv | samples/expected\.json
    | (samples|reviews)/[A-Za-z0-9_-]+(\.(ja|en))?\.md
    | starters/(ja|en)/[A-Za-z0-9_-]+\.ipynb""",
    re.VERBOSE,
)
_CODE = {".py", ".pyc", ".sh", ".bat", ".ps1", ".exe", ".dll", ".so", ".js", ".html", ".r", ".jar", ".pkl", ".joblib"}
_ARCHIVES = {".zip", ".gz", ".bz2", ".xz", ".7z", ".rar", ".tar"}


class ArchiveRefused(Exception):
    """``reasons``: what is wrong, in words for the reader, each with what to do."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons[:SHOWN_REFUSALS])
        super().__init__("\n".join(self.reasons))


def unpack(data: bytes, folder: Path) -> None:
    """Unpack the pack into a new folder. Raises ArchiveRefused; then the folder may hold a part and has to go."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _members(archive)
            left = MOST_BYTES
            for name, entry in members.items():
                left -= _unpack_one(archive, entry, folder / name, left=left)
    except DAMAGED:
        raise ArchiveRefused([_("This isn’t a zip file, or it is damaged. Zip the folder again.")]) from None
    except Locked:
        raise ArchiveRefused([_("The zip file is protected with a password. Zip the folder without one.")]) from None


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The entries by their names within the pack. Raises ArchiveRefused with every reason against them."""
    entries = files_in(archive)
    if len(entries) > MOST_FILES:
        raise ArchiveRefused([_("The zip file contains more than %(count)s files.") % {"count": f"{MOST_FILES:,}"}])
    if reasons := [reason for entry in entries for reason in _against(entry)]:
        raise ArchiveRefused(reasons)
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise ArchiveRefused([_too_large()])
    members = _within_pack(entries)
    if reasons := [_out_of_place(name) for name in members if not _PLACES.fullmatch(name)]:
        raise ArchiveRefused(reasons)
    return members


def _against(entry: zipfile.ZipInfo) -> Iterator[str]:
    """What the entry itself says against it."""
    words = {
        EntryFault.OUTSIDE: _("“%(name)s” points outside the pack’s folder. Zip the folder itself."),
        EntryFault.NO_FILE: _("“%(name)s” is a link or not an ordinary file. Put the file itself there."),
        EntryFault.SWOLLEN: _("“%(name)s” becomes far too large when unpacked. Zip the folder again."),
    }
    for fault in faults_of(entry):
        yield words[fault] % {"name": entry.filename[:80]}


def _within_pack(entries: Sequence[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Names as in the pack, whose case.toml lies at the top or in the one folder there."""
    tops = sorted({entry.filename.removesuffix("case.toml") for entry in entries if _is_manifest(entry.filename)})
    if len(tops) != 1:
        raise ArchiveRefused(
            [
                _(
                    "The zip file has to contain exactly one pack, with one case.toml at the top or in the only folder "
                    "there."
                )
            ]
        )
    members: dict[str, zipfile.ZipInfo] = {}
    known: set[str] = set()
    for entry in entries:
        name = entry.filename.removeprefix(tops[0])
        if name.lower() in known:
            raise ArchiveRefused([_("“%(name)s” is in the zip file twice.") % {"name": name}])
        known.add(name.lower())
        members[name] = entry
    return members


def _is_manifest(name: str) -> bool:
    return PurePosixPath(name).name == "case.toml" and len(PurePosixPath(name).parts) <= 2


def _out_of_place(name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _CODE:
        text = _("“%(name)s” is a program. Packs from organisers can’t contain code: put the data into data/.")
    elif suffix in _ARCHIVES:
        text = _("“%(name)s” is an archive inside the zip file. Unpack it and add its contents instead.")
    else:
        text = _("“%(name)s” isn’t a file that a pack can have there. Remove it, or move it to the right folder.")
    return text % {"name": name[:80]}


def _too_large() -> str:
    return _("Unpacked, the pack is larger than %(limit)s MB.") % {"limit": MOST_BYTES // MEGABYTE}


def _unpack_one(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, *, left: int) -> int:
    """Write one file and return its size; what the entry says of its size is not believed."""
    try:
        content = read_entry(archive, entry, most=left)
    except TooLarge:
        raise ArchiveRefused([_too_large()]) from None
    if target.suffix == ".ipynb":
        content = without_outputs(content, name=target.name)
    if target.suffix in TEXTS:
        content = _as_utf8(content, name=target.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return len(content)


def _as_utf8(content: bytes, *, name: str) -> bytes:
    """A text as packs have it; editors of offices write a byte order mark, or CP932. Raises ArchiveRefused."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding).encode()
        except UnicodeDecodeError:
            continue
    raise ArchiveRefused([_("“%(name)s” can’t be read as text. Save it as UTF-8.") % {"name": name}])


def packed(folder: Path) -> IO[bytes]:
    """The pack as a zip to edit, without what never leaves the server; a file that vanishes when it is closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = path.relative_to(folder)
            is_kept = any(name.is_relative_to(kept) for kept in NEVER_LEAVES)
            if not is_kept and not any(part.startswith(".") for part in name.parts):
                _pack_one(archive, path, name)
    file.seek(0)
    return file


def _pack_one(archive: zipfile.ZipFile, path: Path, name: Path) -> None:
    """Write one file; a zip of pictures as the folder of pictures that it comes back as."""
    if name.suffix != ".zip":
        archive.write(path, name)
        return
    with zipfile.ZipFile(path) as pictures:
        for picture in pictures.namelist():
            archive.writestr((name.with_suffix("") / picture).as_posix(), pictures.read(picture))


def complete(folder: Path, *, former: Path) -> None:
    """Put into an unpacked pack what never left the server, where it lacks that. What was recorded is recorded anew."""
    for kept in NEVER_LEAVES:
        if not (folder / kept).exists() and (former / kept).exists():
            shutil.copytree(former / kept, folder / kept)
            (folder / EXPECTED).unlink(missing_ok=True)


def without_outputs(content: bytes, *, name: str) -> bytes:
    """A notebook as learners begin with it: outputs, which may hold anything, are gone. Raises ArchiveRefused."""
    try:
        notebook = json.loads(content)
        cells = notebook["cells"]
        kinds = {cell["cell_type"] for cell in cells}
        if notebook["nbformat"] != 4 or not kinds <= {"markdown", "code", "raw"}:
            raise ValueError
        for cell in cells:
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
            cell.pop("attachments", None)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ArchiveRefused(
            [_("“%(name)s” isn’t a notebook in format version 4. Save it again in JupyterLab.") % {"name": name}]
        ) from None
    return f"{json.dumps(notebook, ensure_ascii=False, indent=1)}\n".encode()
