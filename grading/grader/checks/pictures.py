"""Checks zips of pictures: the right ones, and nothing but pixels to tell them apart."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from grader.checks.data import read_public
from grader.pack.build import Build
from grader.pack.gallery import PictureSet
from grader.pack.model import DataFile, Pack
from grader.pictures import NotPlain, size_of
from grader.problems import JSON, Problem


def picture_problems(pack: Pack, build: Build) -> Iterator[Problem]:
    """Pictures missing or too many, and any whose size, time, place or further content could give something away."""
    for file in pack.files:
        if file.pictures is not None:
            yield from _problems_of(file, file.pictures, pack, build)


def _problems_of(file: DataFile, pictures: PictureSet, pack: Pack, build: Build) -> Iterator[Problem]:
    try:
        with zipfile.ZipFile(build.public(file.name)) as archive:
            entries = archive.infolist()
            yield from _name_problems(file.name, [entry.filename for entry in entries], pictures, pack, build)
            if unlike := _unlike(entries):
                yield Problem("pictures_unlike", {"file": file.name, "detail": unlike})
            yield from _content_problems(file.name, archive, pictures)
    except zipfile.BadZipFile:
        yield Problem("pictures_no_zip", {"file": file.name})


def _name_problems(name: str, found: list[str], pictures: PictureSet, pack: Pack, build: Build) -> Iterator[Problem]:
    column = next(one.name for one in pack.file(pictures.table).columns if one.alias == pictures.column)
    wanted = {f"{value}.png" for value in read_public(build, pictures.table, [column])[column]}
    wrong = set(found) ^ wanted if pictures.every else set(found) - wanted
    if wrong or found != sorted(set(found)):
        examples = ", ".join(sorted(wrong)[:3]) or "–"
        params: dict[str, JSON] = {"file": name, "table": pictures.table, "count": len(wrong), "examples": examples}
        yield Problem("pictures_names", params)


def _unlike(entries: list[zipfile.ZipInfo]) -> str:
    """In which respect the entries differ, so that it might predict something."""
    respects: dict[str, set[object]] = {
        "file_size": {entry.file_size for entry in entries},
        "compress_size": {entry.compress_size for entry in entries},
        "date_time": {entry.date_time for entry in entries},
        "comment, extra": {(entry.comment, entry.extra) for entry in entries},
    }
    return ", ".join(name for name, values in respects.items() if len(values) > 1)


def _content_problems(name: str, archive: zipfile.ZipFile, pictures: PictureSet) -> Iterator[Problem]:
    for entry in archive.infolist():
        try:
            found = size_of(archive.read(entry))
        except NotPlain as wrong:
            yield Problem("pictures_not_plain", {"file": name, "picture": entry.filename, "detail": str(wrong)})
            return
        if found != (pictures.width, pictures.height):
            size, wanted = ("{} × {}".format(*pair) for pair in (found, (pictures.width, pictures.height)))
            yield Problem("pictures_size", {"file": name, "picture": entry.filename, "found": size, "expected": wanted})
            return
