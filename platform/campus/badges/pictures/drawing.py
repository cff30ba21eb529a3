"""Draws a badge from a few choices: an SVG from our template, turned into a PNG with our typeface."""

from dataclasses import asdict, dataclass
from typing import Any, Self

import resvg_py
from django.db.models import TextChoices
from django.template.loader import render_to_string
from django.utils.translation import pgettext_lazy

from campus.badges.pictures import fonts

SIZE = 600  # pixels, width and height
LONGEST_LINE = 24  # characters; more can't be read on a badge
# Of the band across the badge: its width, and the largest letters on it.
_BAND, _LARGEST = 400.0, 50.0


class Shape(TextChoices):
    HEXAGON = "hexagon", pgettext_lazy("badge picture", "Hexagon")
    SHIELD = "shield", pgettext_lazy("badge picture", "Shield")
    MEDAL = "medal", pgettext_lazy("badge picture", "Round medal")


class Colour(TextChoices):
    BLUE = "blue", pgettext_lazy("badge picture", "Blue")
    GREEN = "green", pgettext_lazy("badge picture", "Green")
    PURPLE = "purple", pgettext_lazy("badge picture", "Purple")
    RED = "red", pgettext_lazy("badge picture", "Red")
    GREY = "grey", pgettext_lazy("badge picture", "Grey")


class Symbol(TextChoices):
    CHART = "chart", pgettext_lazy("badge picture", "Rising chart")
    PEOPLE = "people", pgettext_lazy("badge picture", "People")
    STAR = "star", pgettext_lazy("badge picture", "Star")
    CHECK = "check", pgettext_lazy("badge picture", "Tick")


# Light, middle and dark, of the design tokens' primitives.
_SHADES = {
    Colour.BLUE: ("#4979f5", "#0017c1", "#000060"),
    Colour.GREEN: ("#2cac6e", "#197a4b", "#08351f"),
    Colour.PURPLE: ("#8843e1", "#5109ad", "#210052"),
    Colour.RED: ("#ff5454", "#ce0000", "#850000"),
    Colour.GREY: ("#767676", "#4d4d4d", "#1a1a1c"),
}


@dataclass(frozen=True)
class Design:
    """What a picture is drawn of; kept beside it, so that the next version begins with the same."""

    shape: Shape = Shape.HEXAGON
    colour: Colour = Colour.BLUE
    symbol: Symbol = Symbol.CHART
    text: str = ""
    small: str = ""

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        """A design from its stored form; choices that there are no longer are refused (ValueError)."""
        return cls(
            shape=Shape(kept.get("shape", Shape.HEXAGON)),
            colour=Colour(kept.get("colour", Colour.BLUE)),
            symbol=Symbol(kept.get("symbol", Symbol.CHART)),
            text=str(kept.get("text", "")),
            small=str(kept.get("small", "")),
        )

    def kept(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()}


def as_svg(design: Design) -> str:
    """The drawing itself; its letters need the typeface."""
    light, middle, dark = _SHADES[design.colour]
    lines = _in_lines(design.text)
    size = min(_LARGEST, *(_BAND / max(fonts.width_of(line), 0.1) for line in lines)) if lines else _LARGEST
    small = min(26.0, 280.0 / max(fonts.width_of(design.small), 0.1))
    height = max(84.0, len(lines) * size * 1.25 + 26)
    context = {
        "design": design,
        "light": light,
        "middle": middle,
        "dark": dark,
        "family": fonts.FAMILY,
        "size": f"{size:.1f}",
        "small_size": f"{small:.1f}",
        "band_top": f"{372 - height / 2:.1f}",
        "band_height": f"{height:.1f}",
        "small_baseline": f"{372 + height / 2 + 52:.1f}",
        "lines": [(line, f"{_baseline(number, len(lines), size):.1f}") for number, line in enumerate(lines)],
    }
    return render_to_string("badges/picture.svg", context)


def draw(design: Design) -> bytes:
    """The PNG."""
    drawn = resvg_py.svg_to_bytes(
        svg_string=as_svg(design),
        width=SIZE,
        height=SIZE,
        font_files=[str(fonts.bold())],
        skip_system_fonts=True,
        font_family=fonts.FAMILY,
    )
    return bytes(drawn)


def _in_lines(text: str) -> list[str]:
    """One line where it is short, else two of about the same length, broken at a space where there is one."""
    text = text.strip()
    if not text or fonts.width_of(text) <= _BAND / _LARGEST * 1.15:
        return [text] if text else []
    places = [place for place, sign in enumerate(text) if sign == " "] or list(range(1, len(text)))
    middle = fonts.width_of(text) / 2
    place = min(places, key=lambda one: abs(fonts.width_of(text[:one]) - middle))
    return [text[:place].strip(), text[place:].strip()]


def _baseline(number: int, count: int, size: float) -> float:
    """Where a line of the band stands; the band's middle is at 372."""
    return 372 + size * 0.36 + (number - (count - 1) / 2) * size * 1.25
