"""A pack made once of the bakery's table, as zip and as folder; a desk of the organiser's; work done on the spot."""

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from campus.cases.authoring import working
from campus.cases.models import CaseDraft
from campus.people.models import Person
from grader.checks import prove_pack
from grader.new.wishes import Wishes
from grader.new.writing import make_pack
from tests.campus.cast import signed_in

OWN = "/cohorts/spring/desk/cases/own/"
TABLE = Path(__file__).parents[4] / "docs/examples/bakery.csv"


@pytest.fixture(scope="session")
def bakery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack's folder; never change it."""
    folder = tmp_path_factory.mktemp("packs") / "bakery"
    make_pack(
        TABLE.read_bytes(), name="bakery.csv", folder=folder, wishes=Wishes(target="販売数", horizon="14d"), seed=1
    )
    return folder


@pytest.fixture(scope="session")
def proof(bakery: Path) -> dict[str, Any]:
    """What a worker finds when it checks the pack."""
    return prove_pack(bakery).to_json()


@pytest.fixture
def own_bakery(bakery: Path, tmp_path: Path) -> Path:
    """A copy that may be changed."""
    return Path(shutil.copytree(bakery, tmp_path / "bakery"))


def zip_of(folder: Path, *, top: str = "") -> bytes:
    """The folder's files as a zip, below ``top``."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"{top}{path.relative_to(folder)}")
    return data.getvalue()


def upload(desk: Client, data: bytes) -> HttpResponse:
    return desk.post(OWN, {"way": "zip", "archive": SimpleUploadedFile("bakery.zip", data)})


def at(draft: CaseDraft, page: str = "") -> str:
    return f"/cohorts/spring/desk/cases/own/{draft.pk}/{page}"


@pytest.fixture
def case_root(settings: Settings, tmp_path: Path) -> Path:
    settings.CASE_ROOT = tmp_path / "cases"
    return Path(settings.CASE_ROOT)


@pytest.fixture
def desk(organiser: Person, case_root: Path) -> Client:
    organiser.language = "en"
    organiser.save()
    return signed_in(organiser)


@pytest.fixture
def draft(desk: Client, bakery: Path, proof: dict[str, Any]) -> CaseDraft:
    """The bakery, uploaded and checked, without the seconds that a worker takes for it."""
    upload(desk, zip_of(bakery))
    CaseDraft.objects.update(state="ready", proof=proof)
    return CaseDraft.objects.get()


@pytest.fixture
def work(db: None) -> Callable[[CaseDraft], CaseDraft]:
    """Do what the draft waits for, as a worker would, and read it again."""

    def do(draft: CaseDraft) -> CaseDraft:
        working.work_on(draft.pk)
        return CaseDraft.objects.get(pk=draft.pk)

    return do
