"""Pictures that people upload, drawn anew: what a camera wrote into them goes, and so does what is no picture."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

LARGEST_SIDE = 4_096  # pixels; larger pictures are made smaller
MOST_PIXELS = 60_000_000  # of the upload: 180 MB once it is opened
MOST_FRAMES = 120
_KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}


class NoPicture(Exception):
    """The bytes can't be opened as a picture of a kind that browsers show, or hold more than is opened here."""


@dataclass(frozen=True)
class Picture:
    """A picture as this site keeps it."""

    data: bytes
    content_type: str
    width: int
    height: int


def redrawn(data: bytes, *, largest_side: int = LARGEST_SIDE) -> Picture:
    """The same picture in the same format, upright, without place, camera and whatever else stood beside its pixels.

    Raises NoPicture for what is none, for broken ones and for those that would fill the memory.
    """
    try:
        with Image.open(BytesIO(data), formats=list(_KINDS)) as opened:
            if opened.width * opened.height * min(getattr(opened, "n_frames", 1), MOST_FRAMES) > MOST_PIXELS:
                raise NoPicture
            return _drawn(opened, str(opened.format), largest_side)
    # Pillow's plug-ins raise these for what they can't read.
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise NoPicture from error


def cleaned(data: bytes) -> bytes:
    """The picture without what the camera wrote into it; nothing where it can't be opened."""
    try:
        return redrawn(data).data
    except NoPicture:
        return b""


def _drawn(opened: Image.Image, kind: str, largest_side: int) -> Picture:
    frames = [_upright(frame, largest_side) for frame in _frames(opened)]
    first, rest = frames[0], frames[1:]
    if kind == "JPEG" and first.mode not in {"RGB", "L"}:
        first = first.convert("RGB")
    options: dict[str, object] = {"quality": 88} if kind in {"JPEG", "WEBP"} else {}
    if rest:
        options |= {"save_all": True, "append_images": rest, "loop": 0, "duration": opened.info.get("duration", 100)}
    out = BytesIO()
    first.save(out, kind, **options)
    return Picture(out.getvalue(), _KINDS[kind], first.width, first.height)


def _frames(opened: Image.Image) -> list[Image.Image]:
    frames = ImageSequence.Iterator(opened)
    return [frame.copy() for _, frame in zip(range(MOST_FRAMES), frames, strict=False)]


def _upright(frame: Image.Image, largest_side: int) -> Image.Image:
    """Turned as the camera was held, no larger than asked, and with nothing but its pixels."""
    frame = ImageOps.exif_transpose(frame)
    frame.thumbnail((largest_side, largest_side))
    frame.info = {key: value for key, value in frame.info.items() if key in {"transparency", "duration", "background"}}
    return frame
