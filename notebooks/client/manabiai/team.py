"""The files that a group shares, in a folder beside the notebook; what was changed here is never overwritten."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from manabiai import displays
from manabiai.connection import Connection
from manabiai.data import Downloads, digest_of
from manabiai.displays import Column, Shown
from manabiai.errors import ApiError, ManabiaiError, SettingsError
from manabiai.words import Language, say, table
from manabiai.work import File

# In the folder: of each file the version that was brought or shared last, {"team": 1, "files": {name: [2, sha256]}}.
NOTE = ".manabiai-team.json"
FOLDERS = {"project": "team", "study_group": "study-group"}


@dataclass(frozen=True, repr=False)
class TeamFile(Shown):
    """A shared file: its newest version, where it is here, and in words how it stands here."""

    name: str
    number: int
    by: str
    path: Path
    here: str

    def __str__(self) -> str:
        return f"{self.name}: {self.here}"

    def html(self) -> str:
        return displays.line(str(self))


class TeamFiles(Shown, dict[str, TeamFile]):
    """All that the group shares, by name."""

    def __init__(self, files: Sequence[TeamFile], *, team: str, folder: Path, language: Language) -> None:
        super().__init__({one.name: one for one in files})
        self.team = team
        self.folder = folder
        self._language: Language = language

    def __str__(self) -> str:
        return table([column.head for column in self._columns()], self._rows()) if self else self._empty()

    def html(self) -> str:
        language = self._language
        if not self:
            return displays.panel(language, displays.line(self._empty()))
        caption = say("team_files_in", language, team=self.team, folder=self.folder)
        rows = [(row, False) for row in self._rows()]
        return displays.panel(language, displays.table(caption, self._columns(), rows))

    def _empty(self) -> str:
        return say("team_empty", self._language, team=self.team)

    def _columns(self) -> list[Column]:
        heads = ("head_file", "head_version", "head_by", "head_here")
        return [
            Column(say(head, self._language), is_number=head == "head_version", is_prose=head == "head_file")
            for head in heads
        ]

    def _rows(self) -> list[list[str]]:
        return [[one.name, str(one.number), one.by, one.here] for one in self.values()]


@dataclass(frozen=True, repr=False)
class Shared(Shown):
    """What was shared, as which version, with whom."""

    name: str
    number: int
    team: str
    language: Language

    def __str__(self) -> str:
        return say("team_shared", self.language, name=self.name, number=self.number, team=self.team)

    def html(self) -> str:
        return displays.panel(self.language, displays.line(str(self)))


@dataclass(frozen=True)
class TeamFolder:
    """The folder of one group's files."""

    team: Mapping[str, Any]
    folder: Path
    connection: Connection
    downloads: Downloads

    @classmethod
    def of(
        cls,
        cohort: str,
        connection: Connection,
        downloads: Downloads,
        *,
        group: str | None,
        folder: str | Path | None,
    ) -> "TeamFolder":
        """The group of that name, else the project team, else the study group. Raises SettingsError."""
        teams = list(connection.pages(f"cohorts/{cohort}/teams"))
        if not teams:
            raise SettingsError(say("no_team", connection.language))
        named = [one for one in teams if group in {None, one["name"]}]
        if not named:
            choices = ", ".join(one["name"] for one in teams)
            raise SettingsError(say("which_team", connection.language, name=group, choices=choices))
        chosen = min(named, key=lambda one: one["kind"] != "project")
        return cls(chosen, Path(folder or FOLDERS[chosen["kind"]]).absolute(), connection, downloads)

    @property
    def language(self) -> Language:
        return self.connection.language

    def bring(self) -> TeamFiles:
        """Fetch what is new; what was changed here stays, the later version comes beside it."""
        known = self._known()
        files = [self._bring(told, known) for told in self.connection.pages(f"teams/{self.team['id']}/files")]
        self._note(known)
        return TeamFiles(files, team=self.team["name"], folder=self.folder, language=self.language)

    def _bring(self, told: Mapping[str, Any], known: dict[str, list[Any]]) -> TeamFile:
        name, number, digest = told["name"], told["number"], told["sha256"]
        path = self.folder / name
        found = TeamFile(name, number, told["by"], path, say("team_same", self.language))
        before, known_digest = known.get(name, [0, ""])
        here = digest_of(path) if path.is_file() else None
        if here in {None, known_digest, digest}:
            self.downloads.fetch(told, self.folder)
            known[name] = [number, digest]
            return found if here == digest else replace(found, here=say("team_fetched", self.language))
        if number == before and digest == known_digest:
            return replace(found, here=say("team_changed", self.language))
        stem, suffix = path.stem, path.suffix
        beside = say("team_beside_name", self.language, stem=stem, number=number, suffix=suffix)
        self.downloads.fetch({**told, "name": beside}, self.folder)
        known[name] = [number, digest]
        return replace(found, here=say("team_beside", self.language, name=beside))

    def share(self, file: File, *, note: str) -> Shared:
        """Send a file as the next version after the one that was brought here. Raises ManabiaiError if overtaken."""
        known = self._known()
        before, known_digest = known.get(file.name, [0, ""])
        try:
            told = self.connection.post(
                f"teams/{self.team['id']}/files",
                key=str(uuid.uuid4()),
                data={"note": note, "after": str(before)},
                files={"file": (file.name, file.data, "application/octet-stream")},
            )
        except ApiError as error:
            if error.code != "newer_version":
                raise
            raise ManabiaiError(say("team_newer", self.language, name=file.name)) from None
        path = self.folder / told["name"]
        self.folder.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or digest_of(path) == known_digest:  # It was shared from another place.
            path.write_bytes(file.data)
        known[told["name"]] = [told["number"], hashlib.sha256(file.data).hexdigest()]
        self._note(known)
        return Shared(told["name"], told["number"], self.team["name"], self.language)

    def _known(self) -> dict[str, list[Any]]:
        """Version and digest by name; nothing where the note is missing, spoilt or another group's."""
        try:
            told = json.loads((self.folder / NOTE).read_text(encoding="utf-8"))
            return dict(told["files"]) if told["team"] == self.team["id"] else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    def _note(self, known: Mapping[str, list[Any]]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        content = {"team": self.team["id"], "files": known}
        (self.folder / NOTE).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
