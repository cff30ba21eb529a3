"""Badges as SVG: what is drawn looks like its PNG wherever it is opened, what was uploaded lies inside."""

import base64
import io
from dataclasses import replace

import resvg_py
from lxml import etree
from PIL import Image, ImageChops, ImageStat

from campus.badges.pictures import around, draw, vector
from tests.campus.badges.conftest import DESIGN


def pixels(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def test_a_drawing_needs_no_font_and_looks_like_the_picture(png: bytes) -> None:
    svg = vector(DESIGN)
    root = etree.fromstring(svg)

    assert not [one for one in root.iter() if str(one.tag).endswith("}text")]
    assert root[0].text == "修了 2026"
    drawn = resvg_py.svg_to_bytes(svg_string=svg.decode(), width=600, height=600, skip_system_fonts=True)
    difference = ImageChops.difference(pixels(bytes(drawn)), pixels(png))
    assert max(ImageStat.Stat(difference).mean) < 0.5  # of 255: edges of letters, no more


def test_words_of_the_organiser_are_no_markup() -> None:

    root = etree.fromstring(vector(replace(DESIGN, text='<script x="1">&', small="]]>")))
    assert not [one for one in root.iter() if "script" in str(one.tag)]


def test_an_uploaded_picture_lies_inside_as_it_is() -> None:
    data = draw(DESIGN)
    (image,) = etree.fromstring(around(data))

    assert base64.b64decode(image.get("href").partition(",")[2]) == data
