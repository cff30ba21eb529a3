"""A badge goes into its picture and comes out again, beside what other programs leave there."""

import io
import struct
import zlib

import png
import pytest

from campus.badges.credentials.baking import OB2, OB3, NotAPicture, bake_png, bake_svg, unbake_png, unbake_svg
from campus.badges.credentials.sample import picture

TEXT = '{"name": "修了 <&> ]]> \\"x\\""}'
SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>\xe4\xbf\xae</title>'
    b'<style>.a{fill:red}</style><rect class="a" width="9" height="9"/></svg>'
)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_both_versions_stand_beside_each_other_in_one_png() -> None:
    both = bake_png(bake_png(picture(8), TEXT), "https://a.example/1", OB2)

    assert unbake_png(both) == {OB3: TEXT, OB2: "https://a.example/1"}


def test_baking_again_replaces() -> None:
    twice = bake_png(bake_png(picture(8), "old"), "new")

    assert unbake_png(twice) == {OB3: "new"}
    assert len(twice) == len(bake_png(picture(8), "new"))


def test_the_picture_itself_stays() -> None:
    baked = io.BytesIO(bake_png(picture(8), TEXT))
    plain = io.BytesIO(picture(8))

    assert list(png.Reader(file=baked).read()[2]) == list(png.Reader(file=plain).read()[2])


def test_compressed_and_old_texts_of_other_issuers_are_read() -> None:
    head, rest = picture(8)[:33], picture(8)[33:]
    compressed = chunk(b"iTXt", OB3.encode() + b"\0\1\0ja\0\xe8\0" + zlib.compress(TEXT.encode()))
    old = chunk(b"tEXt", OB2.encode() + b"\0https://a.example/1")

    assert unbake_png(head + compressed + old + rest) == {OB3: TEXT, OB2: "https://a.example/1"}


@pytest.mark.parametrize("cut", [4, 20, 40, -1, -12])
def test_a_damaged_png_is_refused(cut: int) -> None:
    with pytest.raises(NotAPicture):
        unbake_png(bake_png(picture(8), TEXT)[:cut])


def test_a_png_with_a_wrong_checksum_is_refused() -> None:
    baked = bytearray(bake_png(picture(8), TEXT))
    baked[70] ^= 1

    with pytest.raises(NotAPicture):
        unbake_png(bytes(baked))


def test_a_text_that_swells_is_cut_off() -> None:
    head, rest = picture(8)[:33], picture(8)[33:]
    bomb = chunk(b"iTXt", OB3.encode() + b"\0\1\0\0\0" + zlib.compress(b" " * 50_000_000))

    assert len(unbake_png(head + bomb + rest)[OB3]) == 1024 * 1024


@pytest.mark.parametrize("text", [TEXT, "a.b.c"])
def test_svg_holds_json_as_text_and_tokens_as_attribute(text: str) -> None:
    baked = bake_svg(SVG, text)

    assert unbake_svg(baked) == {OB3: text}
    assert (b"verify=" in baked) == (text == "a.b.c")
    assert b'xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"' in baked
    assert b"<title>" in baked
    assert b"viewBox" in baked


def test_both_versions_stand_beside_each_other_in_one_svg() -> None:
    both = bake_svg(bake_svg(SVG, TEXT), "https://a.example/1", OB2)

    assert unbake_svg(both) == {OB3: TEXT, OB2: "https://a.example/1"}
    assert unbake_svg(bake_svg(both, "a.b.c"))[OB3] == "a.b.c"


@pytest.mark.parametrize(
    "svg",
    [
        b"",
        b"<svg/>",
        b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
        b"<svg xmlns='http://www.w3.org/2000/svg'>",
        b"<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg'>&a;</svg>",
    ],
)
def test_what_is_no_svg_or_has_a_doctype_is_refused(svg: bytes) -> None:
    with pytest.raises(NotAPicture):
        unbake_svg(svg)
