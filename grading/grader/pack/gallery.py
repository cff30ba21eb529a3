"""Pictures as the manifest describes them: zips of them, and which are shown beside the story."""

from __future__ import annotations

from dataclasses import dataclass

from grader.pack.text import Text


@dataclass(frozen=True)
class PictureSet:
    """What a zip of pictures holds: ``<id>.png`` for ids of a table's column; for every one of them, or for some."""

    table: str
    column: str
    width: int
    height: int
    every: bool = True


@dataclass(frozen=True)
class GalleryValue:
    value: str
    label: Text


@dataclass(frozen=True)
class Gallery:
    """Pictures to show beside the story: the first few of each value of a column of their table, with their masks."""

    title: Text
    text: Text
    images: str
    by: str
    each: int
    values: tuple[GalleryValue, ...]
    masks: str | None = None
