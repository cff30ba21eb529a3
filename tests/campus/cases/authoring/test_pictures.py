"""Pictures as data: sent as a folder of PNG, kept as a zip in which nothing but pixels tells them apart."""

import html
import io
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from PIL import Image, PngImagePlugin

from campus.cases.authoring import picture_folders
from campus.cases.authoring.archives import ArchiveRefused, packed, unpack
from campus.cases.authoring.picture_folders import zip_pictures
from campus.cases.models import CaseDraft
from grader.checks.pictures import picture_problems
from grader.pack import load_pack
from grader.pack.generation import build_pack
from grader.pictures import read_pictures
from tests.campus.cases.authoring.conftest import at, upload, zip_of

pytestmark = pytest.mark.usefixtures("english")

PHOTOS = """
[[files]]
name = "photos.zip"
title = { ja = "棚の写真", en = "Photos of the shelf" }
description = { ja = "予測する日の朝の棚です。", en = "The shelf on the morning to predict." }
part = "test"
pictures = { table = "test.csv", column = "id", width = 8, height = 6 }

[gallery]
title = { ja = "棚の写真", en = "The shelves" }
text = { ja = "朝の棚です。", en = "Shelves in the morning." }
images = "photos.zip"
by = "store"
each = 2
values = [{ value = "駅前店", label = { ja = "駅前店", en = "At the station" } }]
"""


def grey_of(number: int) -> np.ndarray:
    return np.random.default_rng(number).integers(0, 256, (6, 8), dtype=np.uint8)


@pytest.fixture
def photographed(own_bakery: Path) -> Path:
    """The bakery with a photo for each row to predict; every second one in colour, and with the camera's words."""
    manifest = own_bakery / "case.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8") + PHOTOS, encoding="utf-8")
    folder = own_bakery / "data/public/photos"
    folder.mkdir()
    ids = [line.split(",")[0] for line in (own_bakery / "data/public/test.csv").read_text("utf-8").splitlines()[1:]]
    for number, name in enumerate(ids):
        words = PngImagePlugin.PngInfo()
        words.add_text("Comment", f"taken by camera {number}")
        mode, info = ("RGB", words) if number % 2 else ("L", None)
        Image.fromarray(grey_of(number)).convert(mode).save(folder / f"{name}.png", pnginfo=info)
    return own_bakery


def unpacked(data: bytes, folder: Path) -> Path:
    folder.mkdir()
    unpack(data, folder)
    zip_pictures(folder)
    return folder


def test_a_folder_of_pictures_becomes_a_zip_of_plain_ones(photographed: Path, tmp_path: Path) -> None:
    folder = unpacked(zip_of(photographed), tmp_path / "pack")

    pack = load_pack(folder)
    build = build_pack(pack, out=tmp_path / "build")
    assert list(picture_problems(pack, build)) == []
    assert not (folder / "data/public/photos").exists()
    found = read_pictures(folder / "data/public/photos.zip")
    assert list(found) == sorted(build.ids.values)
    assert all((found[name] == grey_of(number)).all() for number, name in enumerate(build.ids.values))
    assert b"camera" not in (folder / "data/public/photos.zip").read_bytes()


def test_pictures_are_fetched_as_a_folder_and_come_back_as_they_were(photographed: Path, tmp_path: Path) -> None:
    folder = unpacked(zip_of(photographed), tmp_path / "pack")
    photos = (folder / "data/public/photos.zip").read_bytes()

    with packed(folder) as file:
        fetched = file.read()

    with zipfile.ZipFile(io.BytesIO(fetched)) as archive:
        names = [name for name in archive.namelist() if "photos" in name]
    assert {Path(name).parent.as_posix() for name in names} == {"data/public/photos"}
    again = unpacked(fetched, tmp_path / "again")
    assert (again / "data/public/photos.zip").read_bytes() == photos


def test_an_organiser_sends_a_pack_with_pictures(photographed: Path, desk: Client) -> None:
    assert upload(desk, zip_of(photographed)).status_code == 302

    [draft] = CaseDraft.objects.all()
    assert draft.state == "waiting"
    CaseDraft.objects.update(state="ready")
    preview = desk.get(at(draft, "preview/"))
    assert "Shelves in the morning." in preview.text
    address = preview.context["gallery"][0].pictures[0]
    shown = desk.get(at(draft, f"data/{address.file}/{address.name}"))
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    assert f'src="{at(draft, f"data/{address.file}/{address.name}")}"' in preview.text
    for other in ("data/photos.zip/nobody.png", "data/test.csv/nobody.png", "data/photos.zip/..%2Ftest.csv"):
        assert desk.get(at(draft, other)).status_code == 404


@pytest.mark.parametrize("wrong", ["a JPEG", "sixteen bits", "half a file", "too many pixels", "too many in all"])
def test_what_is_no_small_plain_picture_is_refused_by_name(
    wrong: str, photographed: Path, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = min((photographed / "data/public/photos").iterdir())
    if wrong == "a JPEG":
        Image.fromarray(grey_of(0)).save(first, format="JPEG")
    elif wrong == "sixteen bits":
        Image.fromarray(np.zeros((6, 8), dtype=np.uint16)).save(first)
    elif wrong == "half a file":
        first.write_bytes(first.read_bytes()[:50])
    else:
        monkeypatch.setattr(picture_folders, "MOST_PIXELS" if wrong == "too many pixels" else "MOST_PIXELS_IN_ALL", 47)

    answer = upload(desk, zip_of(photographed))

    assert answer.status_code == 422
    said = "too many pixels" if "too many" in wrong else "can’t be read as a picture"
    assert f"“photos/{first.name}” {'has ' if 'too many' in wrong else ''}{said}" in html.unescape(answer.text)
    assert not CaseDraft.objects.exists()


def test_a_folder_elsewhere_has_no_place(photographed: Path, tmp_path: Path) -> None:
    shutil.move(photographed / "data/public/photos", photographed / "data/truth/photos")

    with pytest.raises(ArchiveRefused, match="isn’t a file that a pack can have there"):
        unpacked(zip_of(photographed), tmp_path / "pack")
