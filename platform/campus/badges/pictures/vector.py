"""The same pictures as SVG that looks alike everywhere: letters become outlines, an uploaded picture lies inside."""

from base64 import b64encode
from functools import cache

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont
from lxml import etree

from campus.badges.pictures import fonts
from campus.badges.pictures.drawing import SIZE, Design, as_svg

_SPACE = "http://www.w3.org/2000/svg"


def vector(design: Design) -> bytes:
    """A drawn picture; its words stand as title for who can't see it."""
    root = etree.fromstring(as_svg(design).encode())
    for text in root.findall(f".//{{{_SPACE}}}text"):
        _outline(text)
    title = etree.Element(f"{{{_SPACE}}}title")
    title.text = " ".join(words for words in (design.text, design.small) if words)
    root.insert(0, title)
    return bytes(etree.tostring(root))


def around(png: bytes) -> bytes:
    """An uploaded picture, which is points and stays so."""
    root = etree.Element(
        f"{{{_SPACE}}}svg", viewBox=f"0 0 {SIZE} {SIZE}", width=str(SIZE), height=str(SIZE), nsmap={None: _SPACE}
    )
    data = f"data:image/png;base64,{b64encode(png).decode()}"
    etree.SubElement(root, f"{{{_SPACE}}}image", href=data, width=str(SIZE), height=str(SIZE))
    return bytes(etree.tostring(root))


def _outline(text: etree._Element) -> None:
    """Turn a line of the template, centred about its x, into a path."""
    words, holder = text.text or "", text.getparent()
    size = float(text.get("font-size") or (holder.get("font-size") if holder is not None else 0) or 0)
    left = float(text.get("x", "0")) - fonts.width_of(words) * size / 2
    drawn = _path(words, size=size, left=left, baseline=float(text.get("y", "0")))
    fill = text.get("fill")
    text.clear()
    text.tag = f"{{{_SPACE}}}path"
    text.set("d", drawn)
    if fill:
        text.set("fill", fill)


def _path(words: str, *, size: float, left: float, baseline: float) -> str:
    font = _font()
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    scale = size / font["head"].unitsPerEm
    pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.2f}".rstrip("0").rstrip("."))
    for sign in words:
        glyph = glyphs[names.get(ord(sign), ".notdef")]
        glyph.draw(TransformPen(pen, (scale, 0, 0, -scale, left, baseline)))
        left += glyph.width * scale
    return str(pen.getCommands())


@cache
def _font() -> TTFont:
    return TTFont(fonts.bold(), lazy=True)
