"""What learners may download of an installed case: each public file with its digest, and all of them as one zip.

The list is written once, at installation. Only names on it are ever opened, so that no address can
reach anything else of the installation, the truth least of all.
"""

import csv
import hashlib
import json
import zipfile
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from campus.cases.models import CaseVersion

INDEX = "files.json"
ARCHIVE = "data.zip"
CHECKSUMS = "SHA256SUMS.txt"
PUBLIC = Path("build", "public")
# Every entry of the archive bears the same moment, so that equal data give an equal archive.
_ZIP_MOMENT = (2020, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class PublicFile:
    """One file of the public data. ``rows`` counts data rows without the header, in a zip its pictures."""

    name: str
    size: int
    rows: int
    sha256: str


@dataclass(frozen=True)
class Download:
    """A file to send: where it is, and the digest of its content."""

    path: Path
    sha256: str
    name: str

    @property
    def content_type(self) -> str:
        return "application/zip" if self.name.endswith(".zip") else "text/csv; charset=utf-8"


def public_files(version: CaseVersion) -> tuple[PublicFile, ...]:
    """The public files in the order of the manifest."""
    return _index(version.path)[0]


def file_to_download(version: CaseVersion, name: str) -> Download | None:
    """The public file of this name; None for any other."""
    for file in public_files(version):
        if file.name == name:
            return Download(version.path / PUBLIC / name, file.sha256, name)
    return None


def archive_to_download(version: CaseVersion) -> Download:
    """All public files and their digests as one zip."""
    return Download(version.path / ARCHIVE, _index(version.path)[1], f"{version.slug}-{version.version}.zip")


def archive_size(version: CaseVersion) -> int:
    """Bytes of the zip."""
    return (version.path / ARCHIVE).stat().st_size


@cache
def _index(folder: Path) -> tuple[tuple[PublicFile, ...], str]:
    """The list of public files and the digest of the zip; read once, an installation never changes."""
    kept = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    return tuple(PublicFile(**one) for one in kept["files"]), kept["archive_sha256"]


def prepare_downloads(folder: Path, names: list[str]) -> None:
    """Write the list and the zip of a new installation."""
    files = [_describe(folder / PUBLIC / name) for name in names]
    _write_archive(folder, files)
    index = {"files": [asdict(file) for file in files], "archive_sha256": sha256_of(folder / ARCHIVE)}
    (folder / INDEX).write_text(json.dumps(index, ensure_ascii=False, indent=1), encoding="utf-8")


def _describe(path: Path) -> PublicFile:
    rows = _pictures_in(path) if path.suffix == ".zip" else _rows_in(path)
    return PublicFile(name=path.name, size=path.stat().st_size, rows=rows, sha256=sha256_of(path))


def _rows_in(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return max(0, sum(1 for _ in csv.reader(lines)) - 1)


def _pictures_in(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        return len(archive.namelist())


def _write_archive(folder: Path, files: list[PublicFile]) -> None:
    with zipfile.ZipFile(folder / ARCHIVE, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(_entry(file.name), (folder / PUBLIC / file.name).read_bytes())
        archive.writestr(_entry(CHECKSUMS), "".join(f"{file.sha256}  {file.name}\n" for file in files))


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _ZIP_MOMENT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
