"""A case's files: as delivered beside the notebook, else downloaded; each is known by its SHA-256."""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

import pandas as pd

from grader.pictures import Pictures, pictures_of
from manabiai import displays
from manabiai.connection import Connection
from manabiai.displays import Column
from manabiai.errors import DownloadFailed
from manabiai.words import Language, say

# Where a notebook server lays a case's files, beside the notebook; not to be written to.
DELIVERED = Path("data")
Told = Sequence[Mapping[str, Any]]


class Data(dict[str, Path]):
    """The files of a case: path by name, all in ``folder``."""

    def __init__(self, folder: Path, told: Told, language: Language) -> None:
        super().__init__({file["name"]: folder / file["name"] for file in told})
        self.folder = folder
        self._told = told
        self._language: Language = language

    def read(self, name: str, *, english: bool = False, **options: Any) -> pd.DataFrame:
        """A file as a DataFrame, with the file's own headers or the English ones; options are pandas.read_csv's."""
        frame: pd.DataFrame = pd.read_csv(self[name], **options)
        if not english:
            return frame
        (told,) = (file for file in self._told if file["name"] == name)
        return frame.rename(columns={column["name"]: column["alias"] for column in told["columns"]})

    def pictures(self, name: str, ids: Iterable[str]) -> Pictures:
        """Pictures of a zip as grey values, shape (ids, height, width), in the order of the ids: a column, say."""
        return pictures_of(self[name], ids)

    def _repr_html_(self) -> str:
        language = self._language
        heads = ("head_file", "head_content", "head_rows", "head_size")
        columns = [
            Column(say(head, language), is_number=head in heads[2:], is_prose=head == "head_content") for head in heads
        ]
        rows = [
            ((file["name"], self._content(file), f"{file['rows']:,}", displays.size(file["size"], language)), False)
            for file in self._told
        ]
        caption = say("files_in", language, folder=self.folder)
        return displays.panel(language, displays.table(caption, columns, rows))

    def _content(self, file: Mapping[str, Any]) -> str:
        return say("content", self._language, **{name: file[name][self._language] for name in ("title", "description")})


class Downloads:
    """Finds or fetches the files of cases. ``tell`` gets a line where something is worth knowing."""

    def __init__(self, connection: Connection, *, language: Language, tell: Callable[[str], None]) -> None:
        self._connection = connection
        self._language: Language = language
        self._tell = tell

    def all_of(self, told: Told, folder: Path) -> Data:
        """The files in the folder; those that are there already as the site describes them are not fetched again."""
        for file in told:
            self.fetch(file, folder)
        return Data(folder, told, self._language)

    def delivered(self, told: Told) -> Path | None:
        """The folder beside the notebook, when it holds all these files to the last byte."""
        folder = DELIVERED.absolute()
        there = [file for file in told if (folder / _clean(file, self._language)).is_file()]
        others = [file["name"] for file in there if digest_of(folder / file["name"]) != file["sha256"]]
        if others:
            self._tell(say("data_differ", self._language, names=", ".join(others)))
        return folder if len(there) == len(told) and not others else None

    def fetch(self, file: Mapping[str, Any], folder: Path) -> Path:
        """The file in the folder, downloaded where it is not there as the site describes it."""
        target = folder / _clean(file, self._language)
        try:
            if not (target.is_file() and digest_of(target) == file["sha256"]):
                folder.mkdir(parents=True, exist_ok=True)
                self._download(file, target)
        except OSError as error:
            raise DownloadFailed(say("not_written", self._language, path=target, detail=error.strerror)) from error
        return target

    def _download(self, file: Mapping[str, Any], target: Path) -> None:
        """Write beside the target and move it there once its digest is right."""
        part = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
        try:
            with self._connection.download(file["url"]) as response, part.open("wb") as out:
                for chunk in response.iter_bytes():
                    out.write(chunk)
            if digest_of(part) != file["sha256"]:
                raise DownloadFailed(say("digest_differs", self._language, name=target.name))
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def _clean(file: Mapping[str, Any], language: Language) -> str:
    """The file's name; a site that wants to write elsewhere is refused."""
    name = str(file["name"])
    if PurePath(name).name != name or name.startswith("."):
        raise DownloadFailed(say("bad_name", language, name=name))
    return name


def digest_of(path: Path) -> str:
    """SHA-256 of the file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
