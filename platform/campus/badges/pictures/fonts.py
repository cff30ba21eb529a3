"""The typeface of pictures and certificates: Noto Sans JP, which has the rare characters of names too."""

from functools import cache
from pathlib import Path

from django.conf import settings
from PIL import ImageFont

FAMILY = "Noto Sans JP"


def regular() -> Path:
    return Path(settings.FONT_FOLDER) / "400Regular/NotoSansJP_400Regular.ttf"


def bold() -> Path:
    return Path(settings.FONT_FOLDER) / "700Bold/NotoSansJP_700Bold.ttf"


@cache
def _measure() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(bold()), size=100)


def width_of(text: str) -> float:
    """How wide the text is in bold at size 1."""
    return _measure().getlength(text) / 100
