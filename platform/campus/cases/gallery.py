"""The pictures that a case shows beside its story: some of each kind, with the area of their mask as an outline."""

import csv
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from campus.cases.files import PUBLIC
from campus.cases.models import CaseVersion, read_pack
from grader.pack import Pack, load_pack
from grader.pack.gallery import Gallery, PictureSet
from grader.pictures import Grey, read_some

DRAFT_PUBLIC = Path("data", "public")


@dataclass(frozen=True)
class ShownPicture:
    """A picture of a zip. outline: its mask as the path of an SVG of the picture's size; "" without one."""

    image_id: str
    file: str
    label: dict[str, str]
    width: int
    height: int
    outline: str

    @property
    def name(self) -> str:
        return f"{self.image_id}.png"


@dataclass(frozen=True)
class ShownKind:
    """Pictures that have something in common."""

    label: dict[str, str]
    pictures: tuple[ShownPicture, ...]


def gallery_of(version: CaseVersion) -> tuple[ShownKind, ...]:
    """What the case shows, by kind; empty where it shows nothing. Read once per process."""
    return _gallery(version.path) if version.manifest.get("gallery") else ()


def gallery_of_draft(pack: Path) -> tuple[ShownKind, ...]:
    """What a pack in the making will show; the pack was checked, and has its data in it."""
    return _shown(load_pack(pack), pack / DRAFT_PUBLIC)


def picture_in(public: Path, manifest: Mapping[str, Any], *, file: str, name: str) -> bytes | None:
    """A picture of one of the public zips; None for anything else."""
    zips = {one["name"] for one in manifest["files"] if one.get("pictures")}
    if file not in zips or not name.endswith(".png"):
        return None
    with zipfile.ZipFile(public / file) as archive:
        try:
            return archive.read(name)
        except KeyError:
            return None


@cache
def _gallery(folder: Path) -> tuple[ShownKind, ...]:
    # An installation never changes, and its pack was checked: what it names is there.
    return _shown(read_pack(folder / "pack"), folder / PUBLIC)


def _shown(pack: Pack, public: Path) -> tuple[ShownKind, ...]:
    gallery = pack.gallery
    pictures = pack.file(gallery.images).pictures if gallery else None
    if gallery is None or pictures is None:
        return ()
    chosen = _chosen(pack, gallery, pictures, public)
    wanted = [image_id for ids in chosen.values() for image_id in ids]
    masks = read_some(public / gallery.masks, wanted) if gallery.masks else {}
    found = []
    for value in gallery.values:
        label = {"ja": value.label.ja, "en": value.label.en}
        shown = [
            ShownPicture(
                image_id=image_id,
                file=gallery.images,
                label=label,
                width=pictures.width,
                height=pictures.height,
                outline=outline_of(masks[image_id]) if image_id in masks else "",
            )
            for image_id in chosen[value.value]
        ]
        found.append(ShownKind(label, tuple(shown)))
    return tuple(kind for kind in found if kind.pictures)


def _chosen(pack: Pack, gallery: Gallery, pictures: PictureSet, public: Path) -> dict[str, list[str]]:
    """The first ids of each value, in the order of the table; none of them twice."""
    names = {column.alias: column.name for column in pack.file(pictures.table).columns}
    chosen: dict[str, list[str]] = {one.value: [] for one in gallery.values}
    with (public / pictures.table).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            ids, image_id = chosen.get(row[names[gallery.by]]), row[names[pictures.column]]
            if ids is not None and len(ids) < gallery.each and image_id not in ids:
                ids.append(image_id)
    return chosen


def outline_of(mask: Grey) -> str:
    """The marked pixels as a path: a box for each run of each line."""
    boxes = []
    for y, line in enumerate(mask > 0):
        edges = [x for x in range(len(line) + 1) if (x < len(line) and line[x]) != (x > 0 and line[x - 1])]
        boxes += [f"M{start} {y}h{end - start}v1H{start}z" for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return "".join(boxes)
