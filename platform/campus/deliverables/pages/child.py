"""Draws the pages of a stranger's file, shut in: it may compute, read fonts and write its answer, and nothing else.

``python -I -m campus.deliverables.pages.child pdf|picture``: the file comes on standard input, pages go to standard
output as frames: two lengths (big-endian, four bytes each), a header as JSON, the picture (WebP). A page's header is
``{"width", "height", "text"}``, the last one's ``{"pages": how many there are}`` or ``{"fault": "damaged"}``, "locked".
Reads nothing before it is isolated; exits with NOT_ISOLATED where this machine can't isolate it.
"""

import codecs
import io
import json
import os
import resource
import struct
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageOps
from pypdfium2 import raw

from campus.deliverables.pages import NOT_ISOLATED
from grader.runner.sandbox import calls, kernel

MOST_PAGES = 60
LONGEST_SIDE = 1600  # pixels
LARGEST_SCALE = 3.0  # pixels for each point of the PDF: small pages are not blown up
MOST_TEXT = 4000  # characters of one page
MOST_PIXELS = 60_000_000  # of a picture, before it is made smaller
FORMATS = ("PNG", "JPEG", "WEBP")
SECONDS = 30  # of computing
MEMORY = 1_500_000_000  # bytes of address space beyond what is in use
ANSWER = 64_000_000  # bytes
_QUALITY: dict[str, Any] = {"format": "WEBP", "quality": 82, "method": 2}
_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig", "/etc/fonts", "/var/cache/fontconfig")
# Rights of <linux/landlock.h>: everything about files that the first version knows; to read a file, to list a folder.
_ALL_OF_FILES, _READ_FILE, _READ_DIR = 0x1FFF, 4, 8


def isolate() -> None:
    """Give up everything that drawing doesn't need, for good. Raises OSError where the machine can't."""
    if not kernel.IS_KNOWN_MACHINE:
        raise OSError("unknown machine")
    _set_limits()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    has_landlock = kernel.landlock_version() > 0
    if has_landlock:
        ruleset = kernel.landlock_ruleset(files=_ALL_OF_FILES, network=0, scopes=0)
        for folder in filter(os.path.isdir, _FONTS):
            kernel.landlock_allow(ruleset, folder, _READ_FILE | _READ_DIR)
        kernel.landlock_restrict(ruleset)
    # Without Landlock no file can be opened at all: text whose fonts don't lie in the PDF is missing then.
    kernel.filter_calls(calls.program_for_code() if has_landlock else calls.program_for_models())


def _set_limits() -> None:
    in_use = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGESIZE")
    limits = {
        resource.RLIMIT_AS: in_use + MEMORY,
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_FSIZE: ANSWER,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }
    for which, limit in limits.items():
        most = resource.getrlimit(which)[1]
        lower = limit if most == resource.RLIM_INFINITY else min(limit, most)
        resource.setrlimit(which, (lower, lower))


def warm_up() -> None:
    """Load what would be loaded on first use: afterwards nothing can be."""
    Image.init()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.new("RGB", (8, 8)).save(io.BytesIO(), **_QUALITY)
    page = pypdfium2.PdfDocument.new().new_page(10, 10)
    page.render(scale=1).to_pil().tobytes()
    page.get_textpage().get_text_bounded()
    codecs.lookup("utf-16-le")  # of the text of pages


def say(header: dict[str, object], picture: bytes = b"") -> None:
    """Write one frame."""
    told = json.dumps(header).encode()
    sys.stdout.buffer.write(struct.pack(">II", len(told), len(picture)) + told + picture)
    sys.stdout.buffer.flush()


def draw_pdf(data: bytes) -> None:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        is_locked = raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD
        return say({"fault": "locked" if is_locked else "damaged"})
    for number in range(min(len(document), MOST_PAGES)):
        _draw_page(document[number])
    return say({"pages": len(document)})


def _draw_page(page: pypdfium2.PdfPage) -> None:
    """One page, without what could be filled in: those parts may run scripts in other readers."""
    scale = min(LONGEST_SIDE / max(1.0, *page.get_size()), LARGEST_SCALE)
    picture = page.render(scale=scale, may_draw_forms=False).to_pil()
    text = page.get_textpage().get_text_bounded()[:MOST_TEXT]
    _say_picture(picture, text)
    page.close()


def draw_picture(data: bytes) -> None:
    """The picture as one page, without what its file tells about place and maker."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as found:
            picture = ImageOps.exif_transpose(found)
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            _say_picture(picture.convert("RGBA" if picture.has_transparency_data else "RGB"), "")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return say({"fault": "damaged"})
    return say({"pages": 1})


def _say_picture(picture: Image.Image, text: str) -> None:
    out = io.BytesIO()
    picture.save(out, **_QUALITY)
    say({"width": picture.width, "height": picture.height, "text": text}, out.getvalue())


_DRAW: dict[str, Callable[[bytes], None]] = {"pdf": draw_pdf, "picture": draw_picture}


def main() -> int:
    draw = _DRAW[sys.argv[1]]
    warm_up()
    try:
        isolate()
    except OSError as error:
        print(f"not isolated: {error}", file=sys.stderr)  # noqa: T201 - the parent logs it
        return NOT_ISOLATED
    draw(sys.stdin.buffer.read())
    return 0


if __name__ == "__main__":
    sys.exit(main())
