"""Pictures in a pack that an organiser sends: a folder of PNG below data/public becomes the zip that packs have.

Every picture is drawn anew as plain grey values, so that neither EXIF, times, sizes nor the order of files come in:
what would tell pictures apart without looking at them.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from campus.cases.authoring.archives import ArchiveRefused
from grader.pictures import Grey, write_pictures

MOST_PIXELS = 4_000_000  # of a picture
MOST_PIXELS_IN_ALL = 200_000_000
EIGHT_BITS = {"1", "L", "LA", "P", "RGB", "RGBA"}


def zip_pictures(pack: Path) -> None:
    """Put a zip of plain pictures into the place of each folder of pictures. Raises ArchiveRefused."""
    public = pack / "data" / "public"
    left = MOST_PIXELS_IN_ALL
    for folder in sorted(path for path in public.glob("*") if path.is_dir()):
        pictures = dict(_pictures_in(folder, left=left))
        left -= sum(grey.size for grey in pictures.values())
        write_pictures(folder.with_name(f"{folder.name}.zip"), pictures)
        shutil.rmtree(folder)


def _pictures_in(folder: Path, *, left: int) -> Iterator[tuple[str, Grey]]:
    for path in sorted(folder.iterdir()):
        grey = _grey(path, most=min(left, MOST_PIXELS))
        left -= grey.size
        yield path.stem, grey


def _grey(path: Path, *, most: int) -> Grey:
    """The grey values, shape (height, width); the size is looked at before anything is decoded."""
    name = f"{path.parent.name}/{path.name}"
    try:
        with Image.open(path, formats=["PNG"]) as opened:
            if opened.width * opened.height > most:
                raise ArchiveRefused([_("“%(name)s” has too many pixels. Make the pictures smaller.") % {"name": name}])
            if opened.mode not in EIGHT_BITS:
                raise ArchiveRefused([_unreadable(name)])
            return np.asarray(opened.convert("L"))
    except (Image.DecompressionBombError, UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise ArchiveRefused([_unreadable(name)]) from None


def _unreadable(name: str) -> str:
    return _("“%(name)s” can’t be read as a picture. Save it as an 8-bit PNG.") % {"name": name}
