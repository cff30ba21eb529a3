"""Slides of the demo's learners as a small PDF: a heading, some lines and bars on each page.

The text names a Japanese font that every reader of PDF replaces by one of its own, so no font lies in the file.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 960, 540  # points
_MARGIN, _HEADING, _BODY = 60, 34, 20
_KEY, _INK = "0.0 0.12 0.64", "0.1 0.1 0.1"


@dataclass(frozen=True)
class Slide:
    """bars: what each is called and its length, as a share of the longest."""

    heading: str
    lines: Sequence[str] = ()
    bars: Sequence[tuple[str, float]] = field(default_factory=list)


def slides_as_pdf(slides: Sequence[Slide]) -> bytes:
    """A PDF of these pages."""
    pages = [f"{4 + 2 * number} 0 R" for number in range(len(slides))]
    font = (
        "<</Type/Font/Subtype/Type0/BaseFont/HeiseiKakuGo-W5/Encoding/UniJIS-UTF16-H/DescendantFonts[<</Type/Font"
        "/Subtype/CIDFontType0/BaseFont/HeiseiKakuGo-W5/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 5>>"
        "/FontDescriptor<</Type/FontDescriptor/FontName/HeiseiKakuGo-W5/Flags 4/FontBBox[-92 -250 1010 922]"
        "/ItalicAngle 0/Ascent 752/Descent -221/CapHeight 737/StemV 114>>>>]>>"
    )
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{' '.join(pages)}]/Count {len(pages)}>>", font]
    for number, slide in enumerate(slides):
        drawing = "\n".join(_drawn(slide))
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Contents {5 + 2 * number} 0 R"
            "/Resources<</Font<</F 3 0 R>>>>>>"
        )
        objects.append(f"<</Length {len(drawing)}>>\nstream\n{drawing}\nendstream")
    return _written(objects)


def _drawn(slide: Slide) -> Iterable[str]:
    y: float = HEIGHT - _MARGIN - _HEADING
    yield f"{_KEY} rg 0 {HEIGHT - 14} {WIDTH} 14 re f"
    yield _text(slide.heading, _MARGIN, y, _HEADING)
    for line in slide.lines:
        y -= 1.9 * _BODY
        yield _text(line, _MARGIN, y, _BODY)
    for name, share in slide.bars:
        y -= 2 * _BODY
        yield _text(name, _MARGIN, y, _BODY)
        yield f"{_KEY} rg {_MARGIN + 220} {y - 4} {share * (WIDTH - 2 * _MARGIN - 220):.0f} {_BODY + 2} re f"


def _text(text: str, x: float, y: float, size: int) -> str:
    return f"BT {_INK} rg /F {size} Tf {x:.0f} {y:.0f} Td <{text.encode('utf-16-be').hex()}> Tj ET"


def _written(objects: Sequence[str]) -> bytes:
    out = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("ascii")
    begin = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{begin}\n%%EOF\n".encode()
    return bytes(out)
