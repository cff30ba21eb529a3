"""A badge inside its own picture: written into PNG and SVG, and read from them again."""

import struct
import zlib
from collections.abc import Iterator

from lxml import etree

# What the chunk or element is called says which version of Open Badges it holds.
OB3, OB2 = "openbadgecredential", "openbadges"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SVG = "{http://www.w3.org/2000/svg}svg"
_NAMESPACES = {OB3: "https://purl.imsglobal.org/ob/v3p0", OB2: "http://openbadges.org"}
_ELEMENTS = {OB3: "credential", OB2: "assertion"}
_MOST_TEXT = 1024 * 1024


class NotAPicture(ValueError):
    """The bytes are no PNG or SVG that can be read."""


def is_png(content: bytes) -> bool:
    """Whether the bytes begin as a PNG does."""
    return content.startswith(_SIGNATURE)


def bake_png(png: bytes, text: str, keyword: str = OB3) -> bytes:
    """The picture with the text in it, in place of what was baked under the same keyword."""
    kept = [(kind, data) for kind, data in _chunks(png) if not _is_baked(kind, data, keyword)]
    baked = (b"iTXt", keyword.encode() + b"\0\0\0\0\0" + text.encode())
    return _SIGNATURE + b"".join(_chunk(*item) for item in [kept[0], baked, *kept[1:]])


def unbake_png(png: bytes) -> dict[str, str]:
    """What is baked in, by keyword; compressed texts too, as other issuers write them."""
    found: dict[str, str] = {}
    for kind, data in _chunks(png):
        for keyword in (OB3, OB2):
            if _is_baked(kind, data, keyword):
                found.setdefault(keyword, _text_of(kind, data))
    return found


def _is_baked(kind: bytes, data: bytes, keyword: str) -> bool:
    return kind in {b"iTXt", b"tEXt"} and data.startswith(keyword.encode() + b"\0")


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not is_png(png):
        raise NotAPicture("not a PNG")
    at = len(_SIGNATURE)
    while at < len(png):
        head = png[at : at + 8]
        length = int.from_bytes(head[:4])
        data, check = png[at + 8 : at + 8 + length], png[at + 8 + length : at + 12 + length]
        if len(head) < 8 or int.from_bytes(check) != zlib.crc32(head[4:] + data) or len(check) < 4:
            raise NotAPicture("a damaged PNG")
        yield head[4:], data
        if head[4:] == b"IEND":
            return
        at += 12 + length
    raise NotAPicture("a PNG without an end")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _text_of(kind: bytes, data: bytes) -> str:
    try:
        _keyword, rest = data.split(b"\0", 1)
        if kind == b"tEXt":
            return rest.decode("latin-1")
        compressed, rest = rest[0], rest[2:]
        _language, _translated, text = rest.split(b"\0", 2)
        if compressed:
            text = zlib.decompressobj().decompress(text, _MOST_TEXT)
        return text.decode()
    except (ValueError, IndexError, zlib.error):
        raise NotAPicture("a damaged text in the PNG") from None


def bake_svg(svg: bytes, text: str, keyword: str = OB3) -> bytes:
    """The picture with the text in it: a token or an address as an attribute, JSON as text of the element."""
    old = _svg(svg)
    space, name = _NAMESPACES[keyword], _ELEMENTS[keyword]
    root = etree.Element(old.tag, dict(old.attrib), nsmap={**old.nsmap, "openbadges": space})
    root.text = old.text
    baked = etree.SubElement(root, f"{{{space}}}{name}")
    if text.lstrip().startswith("{"):
        baked.text = etree.CDATA(text)
    else:
        baked.set("verify", text)
    root.extend([item for item in old if item.tag != baked.tag])
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def unbake_svg(svg: bytes) -> dict[str, str]:
    """What is baked in, by keyword."""
    root, found = _svg(svg), dict[str, str]()
    for keyword, space in _NAMESPACES.items():
        element = root.find(f".//{{{space}}}{_ELEMENTS[keyword]}")
        if element is not None:
            found[keyword] = (element.text or "").strip() or str(element.get("verify", ""))
    return found


def _svg(svg: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=False)
    try:
        root = etree.fromstring(svg, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise NotAPicture("not XML") from None
    if root.tag != _SVG or root.getroottree().docinfo.doctype:
        raise NotAPicture("not an SVG without DOCTYPE")
    return root
