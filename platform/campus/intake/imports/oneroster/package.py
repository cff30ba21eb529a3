"""A OneRoster 1.2 zip: the files that manifest.csv names, line by line, or Unreadable with all that is wrong."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.utils import timezone

from campus.intake.imports.remarks import Remark, Unreadable
from campus.intake.imports.tables import Table
from campus.intake.imports.text_files import read_text_file
from campus.intake.imports.tidying import tidy
from campus.intake.imports.workbooks import ZIP_MAGIC
from campus.ui.archives import DAMAGED, MEGABYTE, Locked, TooLarge, faults_of, files_in, read_entry

VERSION = "1.2"
MANIFEST = "manifest.csv"
MOST_FILES, MOST_MEGABYTES = 50, 64
# The files of the binding that say who is in which class, with the columns that this import cannot do without.
NEEDED = {
    "orgs": ("sourcedId", "name"),
    "users": ("sourcedId", "enabledUser", "givenName", "familyName"),
    "roles": ("userSourcedId", "roleType", "role"),
    "classes": ("sourcedId", "title"),
    "enrollments": ("classSourcedId", "userSourcedId", "role"),
}


class Mode(StrEnum):
    """How the manifest says a file is to be read."""

    ABSENT = "absent"
    BULK = "bulk"  # all there is
    DELTA = "delta"  # what changed since the last package


@dataclass(frozen=True)
class Line:
    """A line of one of the files: its cells by column, and where it stands."""

    file: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell, tidied; empty where the column is missing."""
        return tidy(self.cells.get(column, ""))

    @property
    def place(self) -> str:
        return f"{self.file}.csv {self.number}"

    def at(self, *columns: str) -> str:
        """How remarks name cells of the line."""
        return f"{self.place}: {', '.join(columns)}"

    @property
    def is_deleted(self) -> bool:
        return self["status"] == "tobedeleted"

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        try:
            return date.fromisoformat(self["endDate"][:10]) < timezone.localdate()
        except ValueError:
            return False


@dataclass(frozen=True)
class Package:
    modes: Mapping[str, Mode]
    lines: Mapping[str, list[Line]]
    notes: list[Remark] = field(default_factory=list)

    @property
    def is_delta(self) -> bool:
        """Whether people who are not in it stay as they are known."""
        return Mode.DELTA in self.modes.values()


def is_package(data: bytes) -> bool:
    """Whether the bytes are a zip with a manifest, which no workbook has."""
    if not data.startswith(ZIP_MAGIC):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(entry.filename.rpartition("/")[2] == MANIFEST for entry in files_in(archive))
    except DAMAGED:
        return False


def read_package(data: bytes) -> Package:
    """Read the files that the import needs; raise Unreadable."""
    contents = _unpacked(data)
    modes = _modes(_table(MANIFEST, contents[MANIFEST]))
    faults: list[Remark] = []
    lines: dict[str, list[Line]] = {name: [] for name in NEEDED}
    for name, mode in modes.items():
        if mode is Mode.ABSENT:
            continue
        if (content := contents.get(f"{name}.csv")) is None:
            faults.append(Remark("file_missing", f"{name}.csv"))
        else:
            lines[name] = _lines(name, content, mode=mode, faults=faults)
    if modes["users"] is Mode.ABSENT and modes["enrollments"] is Mode.ABSENT:
        faults.append(Remark("file_missing", "users.csv"))
    if faults:
        raise Unreadable(*faults)
    used = sorted(f"{name}.csv ({mode})" for name, mode in modes.items() if mode is not Mode.ABSENT)
    return Package(modes, lines, [Remark("roster_files", values={"files": ", ".join(used)})])


def _unpacked(data: bytes) -> dict[str, bytes]:
    """The files beside the manifest, by their names."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = files_in(archive)
            if len(entries) > MOST_FILES or any(faults_of(entry) for entry in entries):
                raise Unreadable(Remark("dangerous_zip"))
            return _beside_manifest(archive, entries)
    except DAMAGED as error:
        raise Unreadable(Remark("broken_zip")) from error
    except Locked as error:
        raise Unreadable(Remark("locked_zip")) from error
    except TooLarge as error:
        raise Unreadable(Remark("swollen_zip", values={"limit": MOST_MEGABYTES})) from error


def _beside_manifest(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """The manifest lies at the top, or in the one folder that was packed; what lies elsewhere is passed over."""
    folders = {one.filename.removesuffix(MANIFEST) for one in entries if one.filename.split("/")[-1] == MANIFEST}
    if len(folders) != 1:
        raise Unreadable(Remark("many_manifests"))
    folder, left, contents = folders.pop(), MOST_MEGABYTES * MEGABYTE, {}
    for entry in entries:
        name = entry.filename.removeprefix(folder)
        if name != MANIFEST and name.removesuffix(".csv") not in NEEDED:
            continue
        if name in contents:
            raise Unreadable(Remark("dangerous_zip"))
        contents[name] = read_entry(archive, entry, most=left)
        left -= len(contents[name])
    return contents


def _table(file: str, content: bytes) -> Table:
    """A file of the package, none of whose rows need be there."""
    try:
        return read_text_file(content)
    except Unreadable as unreadable:
        codes = {remark.code for remark in unreadable.remarks}
        if codes & {"no_rows", "empty_file"} and file != MANIFEST:
            return Table([], [])
        raise Unreadable(*(Remark(one.code, file, one.values) for one in unreadable.remarks)) from unreadable


def _modes(manifest: Table) -> dict[str, Mode]:
    """What the manifest says of each file; others than ours are passed over."""
    said = {tidy(row.cells[0].text): tidy(row.cells[1].text) for row in manifest.rows if len(row.cells) > 1}
    if said.get("oneroster.version") != VERSION:
        found = said.get("oneroster.version") or "—"
        raise Unreadable(Remark("other_roster_version", MANIFEST, {"value": found, "version": VERSION}))
    faults, modes = [], {}
    for name in NEEDED:
        value = said.get(f"file.{name}", Mode.ABSENT).lower()
        if value in list(Mode):
            modes[name] = Mode(value)
        else:
            faults.append(Remark("no_such_mode", MANIFEST, {"value": value, "file": f"file.{name}"}))
    if faults:
        raise Unreadable(*faults)
    return modes


def _lines(name: str, content: bytes, *, mode: Mode, faults: list[Remark]) -> list[Line]:
    """The lines of a file; adds to the faults where a column is missing."""
    table = _table(f"{name}.csv", content)
    needed = (*NEEDED[name], "status") if mode is Mode.DELTA else NEEDED[name]
    missing = [column for column in needed if column not in table.headings] if table.rows else []
    if missing:
        faults.append(Remark("no_columns", f"{name}.csv", {"columns": ", ".join(missing)}))
    return [
        Line(name, row.number, dict(zip(table.headings, (cell.text for cell in row.cells), strict=False)))
        for row in table.rows
    ]
