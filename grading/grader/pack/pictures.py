"""Checks what the manifest says of pictures: they are named by a table, and a gallery shows some of them."""

from __future__ import annotations

from collections.abc import Iterator

from grader.pack.model import Pack


def picture_references(pack: Pack) -> Iterator[tuple[str, str, list[str]]]:
    """Each field that names a file or column, what it names, and what there is."""
    columns = {file.name: [column.alias for column in file.columns] for file in pack.tables}
    for file in pack.files:
        if file.pictures is not None:
            yield f"files.{file.name}.pictures.table", file.pictures.table, list(columns)
            yield f"files.{file.name}.pictures.column", file.pictures.column, columns.get(file.pictures.table, [])
    if pack.gallery is not None:
        zips = {file.name: file.pictures.table for file in pack.files if file.pictures is not None}
        yield "gallery.images", pack.gallery.images, list(zips)
        if pack.gallery.masks is not None:
            yield "gallery.masks", pack.gallery.masks, list(zips)
        yield "gallery.by", pack.gallery.by, columns.get(zips.get(pack.gallery.images, ""), [])
