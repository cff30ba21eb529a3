"""Pages that were drawn: made once for each file, kept under its digest, read by the pages that show them."""

import json
import logging
import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import IO, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from campus.deliverables.models import FileKind
from campus.deliverables.pages import NOT_ISOLATED

logger = logging.getLogger(__name__)

# What an earlier version of child.py drew is drawn anew.
DRAWER = 1
SECONDS = 60  # by the clock; the child's own limit of computing is half of it
MEDIA_TYPE = "image/webp"
_LENGTHS = struct.Struct(">II")
LONGEST_HEADER = 100_000


@dataclass(frozen=True)
class DrawnPage:
    """A page that can be shown: its size in pixels, and its words."""

    width: int
    height: int
    text: str = ""


@dataclass(frozen=True)
class Drawing:
    """A file as pages. fault: why not all could be drawn (damaged, locked, stopped, away), empty where all was well.

    left_out: how many pages at the end are not shown because there are too many.
    """

    pages: list[DrawnPage] = field(default_factory=list)
    left_out: int = 0
    fault: str = ""


def is_drawn(digest: str) -> bool:
    return default_storage.exists(_index(digest))


def drawing_of(digest: str) -> Drawing | None:
    """What can be shown of the file; None until a worker has drawn it."""
    try:
        with default_storage.open(_index(digest)) as file:
            told = json.loads(file.read())
    except FileNotFoundError:
        return None
    return Drawing([DrawnPage(**page) for page in told["pages"]], told["left_out"], told["fault"])


def open_page(digest: str, number: int) -> IO[bytes]:
    """The picture of a page, counted from 1; FileNotFoundError where there is none."""
    return default_storage.open(_page(digest, number), "rb")


def draw(kind: FileKind, digest: str, data: bytes) -> None:
    """Draw the file's pages and keep them; what can't be drawn is kept as such, but tried again where we failed."""
    with tempfile.TemporaryFile() as answer:
        status = _run(kind, data, answer)
        drawing = _keep(_frames(answer), digest=digest, status=status)
    if drawing.fault:
        logger.warning("a file can't be shown", extra={"digest": digest, "fault": drawing.fault, "status": status})
    if drawing.fault != "away":
        default_storage.save(_index(digest), ContentFile(json.dumps(asdict(drawing)).encode()))


def _keep(frames: Iterator[tuple[dict[str, Any], bytes]], *, digest: str, status: int | None) -> Drawing:
    """Keep the pages of the answer. The process that wrote it has read a stranger's file: nothing of it is trusted."""
    pages: list[DrawnPage] = []
    for header, picture in frames:
        if not picture:
            count = header.get("pages")
            left_out = count - len(pages) if isinstance(count, int) else 0
            fault = header.get("fault", "")
            return Drawing(pages, left_out=max(0, left_out), fault=fault if fault in {"damaged", "locked"} else "")
        width, height = header.get("width"), header.get("height")
        if not (isinstance(width, int) and isinstance(height, int) and picture[:4] + picture[8:12] == b"RIFFWEBP"):
            break
        default_storage.save(_page(digest, len(pages) + 1), ContentFile(picture))
        pages.append(DrawnPage(width, height, text=str(header.get("text", ""))))
    return Drawing(pages, fault="away" if status == NOT_ISOLATED else "stopped")


def _run(kind: FileKind, data: bytes, answer: IO[bytes]) -> int | None:
    """Let the isolated process draw; return its exit status, None where it took too long."""
    command = [sys.executable, "-I", "-m", "campus.deliverables.pages.child", kind]
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        process = subprocess.Popen(
            command,
            stdin=file,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"LANG": "C.UTF-8", "HOME": os.devnull},
        )
        try:
            return process.wait(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return None
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()


def _frames(answer: IO[bytes]) -> Iterator[tuple[dict[str, Any], bytes]]:
    """The whole frames of the answer; what was cut short, or isn't what it says, ends them."""
    answer.seek(0)
    while len(lengths := answer.read(_LENGTHS.size)) == _LENGTHS.size:
        header_length, picture_length = _LENGTHS.unpack(lengths)
        if header_length > LONGEST_HEADER:
            return
        header, picture = answer.read(header_length), answer.read(picture_length)
        if len(picture) < picture_length:
            return
        with suppress(ValueError):
            yield json.loads(header), picture


def _index(digest: str) -> str:
    return f"pages/{digest[:2]}/{digest}-{DRAWER}.json"


def _page(digest: str, number: int) -> str:
    return f"pages/{digest[:2]}/{digest}-{DRAWER}-{number:03}.webp"
