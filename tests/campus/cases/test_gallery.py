"""Pictures of a case: shown beside the story with their masks, downloaded as zips, and nothing else reachable."""

import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from django.test import Client

from campus.cases.actions import install_case
from campus.cases.gallery import gallery_of, outline_of
from campus.cases.models import CaseVersion, CohortCase, Step
from campus.people.models import Person
from tests.campus.cast import PACK, signed_in

pytestmark = pytest.mark.django_db

CASE = "/cohorts/spring/cases/daily-sales/"
SECTIONS = """
[[files]]
name = "{name}.zip"
title = {{ ja = "写真", en = "Pictures" }}
description = {{ ja = "商品の写真です。", en = "Pictures of the items." }}
part = "train"
pictures = {{ table = "train.csv", column = "item", width = 4, height = 3, every = {every} }}
"""
GALLERY = """
[gallery]
title = { ja = "商品の写真", en = "Pictures of items" }
text = { ja = "押すと大きく表示します。", en = "Press to enlarge." }
images = "items.zip"
masks = "marks.zip"
by = "item"
each = 4
values = [
  { value = "bread", label = { ja = "パン", en = "Bread" } },
  { value = "milk", label = { ja = "牛乳", en = "Milk" } },
]
"""
GENERATOR = """

def pictured(*, seed, out, variation, made=generate):
    import numpy as np

    from grader.pictures import write_pictures

    made(seed=seed, out=out, variation=variation)
    grey = np.arange(12, dtype=np.uint8).reshape(3, 4)
    write_pictures(out / "public/items.zip", {"bread": grey, "milk": grey + 1})
    write_pictures(out / "public/marks.zip", {"bread": (grey % 4 == 1) * np.uint8(255)})


generate = pictured
"""


@pytest.fixture(scope="module")
def pictured_pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The daily sales with a picture of each item, one of them marked."""
    folder = tmp_path_factory.mktemp("pictured") / "daily-sales"
    shutil.copytree(PACK, folder)
    with (folder / "case.toml").open("a", encoding="utf-8") as manifest:
        manifest.write(SECTIONS.format(name="items", every="true") + SECTIONS.format(name="marks", every="false"))
        manifest.write(GALLERY)
    with (folder / "generate.py").open("a", encoding="utf-8") as generator:
        generator.write(GENERATOR)
    return folder


@pytest.fixture
def pictured(pictured_pack: Path, open_step: Step) -> CohortCase:
    """The cohort's case, with pictures."""
    case = open_step.cohort_case
    CaseVersion.objects.filter(pk=case.case_version_id).update(version="0.9.0")
    case.case_version = install_case(source=pictured_pack, actor=None)
    case.save()
    return case


@pytest.fixture
def browser(learner: Person, pictured: CohortCase) -> Client:
    learner.language = "en"
    learner.save()
    return signed_in(learner)


def test_the_brief_shows_each_kind_with_its_outline(browser: Client) -> None:
    page = browser.get(CASE).content.decode()

    assert 'id="gallery"' in page
    assert "Enlarge Bread bread" in page
    assert page.count(f'src="{CASE}data/items.zip/bread.png"') == 2  # small, and in its popover
    assert page.count('d="M1 0h1v1H1zM1 1h1v1H1zM1 2h1v1H1z"') == 2
    assert "<script>" not in page


def test_pictures_are_served_one_by_one_and_as_a_zip(browser: Client, pictured: CohortCase) -> None:
    one, zipped = browser.get(CASE + "data/items.zip/milk.png"), browser.get(CASE + "data/items.zip")

    assert (one["Content-Type"], one.content[:4]) == ("image/png", b"\x89PNG")
    assert zipped["Content-Type"] == "application/zip"
    whole = b"".join(zipped.streaming_content)  # type: ignore[attr-defined]
    (pictured.case_version.path / "copy.zip").write_bytes(whole)
    assert zipfile.ZipFile(pictured.case_version.path / "copy.zip").namelist() == ["bread.png", "milk.png"]


@pytest.mark.parametrize(
    "address",
    [
        "items.zip/cheese.png",
        "items.zip/bread.txt",
        "train.csv/bread.png",
        "truth.csv/bread.png",
        "other.zip/bread.png",
    ],
)
def test_nothing_else_is_reached_that_way(browser: Client, address: str) -> None:
    assert browser.get(f"{CASE}data/{address}").status_code == 404


def test_only_members_see_pictures(pictured: CohortCase, outsider: Person, client: Client) -> None:
    assert signed_in(outsider).get(CASE + "data/items.zip/bread.png").status_code == 404
    assert client.get(CASE + "data/items.zip/bread.png").status_code == 302


def test_the_data_page_counts_pictures(browser: Client) -> None:
    assert "2 pictures of 4 × 3 pixels" in browser.get(CASE + "data/").content.decode()


def test_a_case_without_pictures_shows_none(open_step: Step) -> None:
    assert gallery_of(open_step.case_version) == ()


def test_an_outline_is_a_box_for_each_run() -> None:
    mask = np.array([[0, 9, 9, 0], [0, 0, 0, 0], [7, 0, 0, 7]], dtype=np.uint8)

    assert outline_of(mask) == "M1 0h2v1H1zM0 2h1v1H0zM3 2h1v1H3z"
