"""An uploaded picture as a badge's: drawn anew, so that nothing hidden comes along, and made a square."""

import io

from django.utils.translation import gettext as _
from PIL import Image

from campus.badges.pictures.drawing import SIZE
from campus.ui.pictures import NoPicture, redrawn

MOST_BYTES = 5 * 1024 * 1024
LEAST_SIDE = 200


class NotAPicture(Exception):
    """``str()`` says why the picture can't be taken, and what to do."""


def written_anew(data: bytes) -> bytes:
    """The picture as a square PNG with clear margins. Raises NotAPicture."""
    if len(data) > MOST_BYTES:
        raise NotAPicture(_("The picture is larger than 5 MB. Please make it smaller."))
    try:
        picture = redrawn(data)
    except NoPicture as error:
        raise NotAPicture(_("This file can’t be read as a picture. Please choose a PNG, JPEG or WebP file.")) from error
    if min(picture.width, picture.height) < LEAST_SIDE:
        raise NotAPicture(_("The picture is too small. Please choose one with at least 200 pixels on each side."))
    with Image.open(io.BytesIO(picture.data)) as opened:
        return _square(opened.convert("RGBA"))


def _square(picture: Image.Image) -> bytes:
    picture.thumbnail((SIZE, SIZE), Image.Resampling.LANCZOS)
    canvas = Image.new("RGBA", (SIZE, SIZE), (255, 255, 255, 0))
    canvas.paste(picture, ((SIZE - picture.width) // 2, (SIZE - picture.height) // 2))
    out = io.BytesIO()
    canvas.save(out, "PNG", optimize=True)
    return out.getvalue()
