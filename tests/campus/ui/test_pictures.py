"""Uploaded pictures: drawn anew, without what a camera wrote, and nothing that only looks like one."""

from io import BytesIO

import pytest
from PIL import Image

from campus.ui.pictures import MOST_PIXELS, NoPicture, redrawn

ORIENTATION, GPS, TURNED_RIGHT = 0x0112, 0x8825, 6


def picture(kind: str, size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "tomato").save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_keeps_its_kind_and_size(kind: str) -> None:
    drawn = redrawn(picture(kind))
    assert (drawn.content_type, drawn.width, drawn.height) == (f"image/{kind.lower()}", 40, 20)
    assert (opened(drawn.data).format, opened(drawn.data).size) == (kind, (40, 20))


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_the_place_goes_and_the_picture_stands_upright(kind: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_RIGHT
    exif.get_ifd(GPS).update({1: "N", 2: (35.0, 51.0, 26.0)})
    sent = picture(kind, exif=exif)
    assert opened(sent).getexif().get_ifd(GPS)
    drawn = redrawn(sent)
    assert (drawn.width, drawn.height) == (20, 40)
    assert not opened(drawn.data).getexif()


def test_a_large_picture_is_made_smaller() -> None:
    assert redrawn(picture("PNG", (600, 300)), largest_side=200).width == 200


def test_a_moving_picture_keeps_moving() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=80)
    assert opened(redrawn(out.getvalue()).data).n_frames == 3  # type: ignore[attr-defined]


def test_what_stands_behind_the_pixels_is_gone() -> None:
    assert b"<script>" not in redrawn(picture("PNG") + b"<script>alert(1)</script>").data


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", b"\x89PNG\r\n\x1a\nnothing", picture("PNG")[:60], picture("TIFF"), b"<svg/>"],
    ids=["empty", "only a head", "no chunks", "cut off", "of another kind", "svg"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NoPicture):
        redrawn(data)


def test_a_picture_that_would_fill_the_memory_is_not_opened() -> None:
    side = int(MOST_PIXELS**0.5) + 10
    with pytest.raises(NoPicture):
        redrawn(picture("PNG", (side, side)))
