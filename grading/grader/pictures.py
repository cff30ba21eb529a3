"""Pictures of a case: a zip of PNG files, plain enough that nothing but their pixels tells them apart."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Pictures = NDArray[np.uint8]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Every entry bears the same moment, so that equal pictures give an equal zip.
MOMENT = (2020, 1, 1, 0, 0, 0)
PLAIN_CHUNKS = [b"IHDR", b"IDAT", b"IEND"]


class NotPlain(ValueError):
    """Bytes that are no PNG, or one that tells more than its pixels: text, time, EXIF, a palette."""


def png_of(grey: Grey) -> bytes:
    """The picture (height, width) as PNG of 8 bits, not compressed: every picture of a size has as many bytes."""
    height, width = grey.shape
    lines = np.zeros((height, width + 1), dtype=np.uint8)  # each line begins with its filter: none
    lines[:, 1:] = grey
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    content = {b"IHDR": header, b"IDAT": zlib.compress(lines.tobytes(), 0), b"IEND": b""}
    return SIGNATURE + b"".join(_chunk(kind, data) for kind, data in content.items())


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def chunks_of(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each chunk. Raises NotPlain where the file breaks off."""
    if not png.startswith(SIGNATURE):
        raise NotPlain("no PNG")
    at = len(SIGNATURE)
    while at < len(png):
        if at + 12 > len(png):
            raise NotPlain("it breaks off")
        (length,) = struct.unpack_from(">I", png, at)
        kind, end = png[at + 4 : at + 8], at + 12 + length
        if end > len(png):
            raise NotPlain("it breaks off")
        yield kind, png[at + 8 : end - 4]
        at = end


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height of a picture that has only pixels. Raises NotPlain with what else it has."""
    chunks = list(chunks_of(png))
    kinds = list(dict.fromkeys(kind for kind, _ in chunks))
    if kinds != PLAIN_CHUNKS:
        raise NotPlain(", ".join(kind.decode("latin-1") for kind in kinds if kind not in PLAIN_CHUNKS) or "its order")
    if len(chunks[0][1]) != 13 or chunks[-1][1]:
        raise NotPlain("IHDR, IEND")
    width, height = struct.unpack_from(">II", chunks[0][1])
    return width, height


def write_pictures(path: Path, pictures: Mapping[str, Grey] | Iterable[tuple[str, Grey]]) -> None:
    """Write a zip of ``<id>.png``, in the order of the ids and not compressed; equal pictures give equal bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, grey in sorted(dict(pictures).items()):
            entry = zipfile.ZipInfo(f"{name}.png", MOMENT)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, png_of(grey))


def read_pictures(path: Path) -> dict[str, Grey]:
    """Every picture of such a zip by its id, grey values (height, width), in the order of the zip."""
    with zipfile.ZipFile(path) as archive:
        return {name.removesuffix(".png"): _grey(archive.read(name)) for name in archive.namelist()}


def read_some(path: Path, ids: Iterable[str]) -> dict[str, Grey]:
    """Those of the ids' pictures that the zip has."""
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        return {name: _grey(archive.read(f"{name}.png")) for name in ids if f"{name}.png" in names}


def pictures_of(path: Path, ids: Iterable[str]) -> Pictures:
    """The pictures of these ids, shape (ids, height, width). Raises KeyError for an id without a picture."""
    with zipfile.ZipFile(path) as archive:
        return np.stack([_grey(archive.read(f"{name}.png")) for name in ids])


def _grey(png: bytes) -> Grey:
    """The pixels; quickly where nothing is filtered, else by Pillow, which whoever draws pictures has."""
    chunks = dict(chunks_of(png))
    width, height, depth, colour = struct.unpack_from(">IIBB", chunks[b"IHDR"])
    if (depth, colour) == (8, 0):
        lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), dtype=np.uint8)
        if lines.size == height * (width + 1) and not lines[:: width + 1].any():
            return lines.reshape(height, width + 1)[:, 1:]
    from PIL import Image

    return np.asarray(Image.open(BytesIO(png)).convert("L"))
