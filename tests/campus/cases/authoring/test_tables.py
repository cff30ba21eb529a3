"""A pack of several tables through the pages to its learners, what its columns mean, and files that are too large."""

import io
import tomllib
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation
from pytest_django import Settings

from campus.cases.authoring.words import worded
from campus.cases.models import CaseDraft, Step
from campus.cohorts.models import AuditEntry, Enrolment
from campus.people.models import Person
from campus.ui.uploads import ENVELOPE
from grader.checks import check_pack, prove_pack
from grader.new.reporting import ANSWERS
from grader.new.toml import to_toml
from tests.campus.cases.authoring.conftest import OWN, at, upload, zip_of
from tests.campus.cast import signed_in
from tests.campus.submissions.files import graded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
Work = Callable[[CaseDraft], CaseDraft]

SHOPS = "店舗,席数,家賃(円)\n駅前店,12,180000\n団地店,30,95000\n国道店,8,120000\n"
HOLIDAYS = "日付,祝日名\n2025-09-15,敬老の日\n2025-09-23,秋分の日\n2025-11-03,文化の日\n"


def column(name: str, alias: str, role: str, dtype: str) -> dict[str, Any]:
    return {"name": name, "alias": alias, "role": role, "dtype": dtype, "description": {"ja": name, "en": alias}}


def reference(name: str, title: str, columns: list[dict[str, Any]]) -> dict[str, Any]:
    about = {"title": {"ja": title, "en": title}, "description": {"ja": title, "en": title}}
    return {"name": name, **about, "part": "reference", "columns": columns}


TABLES = [
    reference(
        "shops.csv",
        "店舗の表",
        [
            column("店舗", "shop", "group", "text"),
            column("席数", "seats", "known_ahead", "int"),
            column("家賃(円)", "rent", "known_ahead", "int"),
        ],
    ),
    reference(
        "holidays.csv",
        "祝日の表",
        [column("日付", "date", "time", "date"), column("祝日名", "holiday", "known_ahead", "text")],
    ),
]


@pytest.fixture
def three_tables(own_bakery: Path) -> Path:
    """The bakery with a table of its shops and one of holidays beside its sales."""
    manifest = tomllib.loads((own_bakery / "case.toml").read_text(encoding="utf-8"))
    (own_bakery / "case.toml").write_text(to_toml(manifest | {"files": [*manifest["files"], *TABLES]}), "utf-8")
    (own_bakery / "data/public/shops.csv").write_text(SHOPS, encoding="utf-8")
    (own_bakery / "data/public/holidays.csv").write_text(HOLIDAYS, encoding="utf-8")
    assert check_pack(own_bakery, recording=True) == []
    return own_bakery


def test_three_tables_come_from_a_zip_to_the_learners(
    desk: Client, three_tables: Path, work: Work, learner: Person, enrolment: Enrolment
) -> None:
    upload(desk, zip_of(three_tables))
    draft = CaseDraft.objects.get()
    CaseDraft.objects.update(state="ready", proof=prove_pack(three_tables).to_json())
    preview = desk.get(at(draft, "preview/")).text
    assert "家賃(円)" in preview
    assert "祝日の表" in preview
    desk.post(at(draft, "publish/"), {"version": "1.0.0"})
    assert work(draft).state == "ready"
    desk.post(at(draft, "adopt/"), {"starts_on": f"{timezone.localdate() - timedelta(days=10)}"})

    browser = signed_in(learner)
    page = browser.get("/cohorts/spring/cases/bakery/data/").text
    assert [name in page for name in ("train.csv", "shops.csv", "holidays.csv", "家賃(円)", "祝日名")] == [True] * 5
    assert b"".join(browser.get("/cohorts/spring/cases/bakery/data/shops.csv")).decode() == SHOPS
    whole = b"".join(browser.get("/cohorts/spring/cases/bakery/data.zip"))
    assert {"train.csv", "test.csv", "shops.csv", "holidays.csv"} < set(zipfile.ZipFile(io.BytesIO(whole)).namelist())
    scored = graded(Step.objects.with_case().get(key="model"), enrolment)
    assert scored.grading.state == "scored"


def test_what_is_edited_outside_comes_back_to_the_truth_that_never_left(
    desk: Client, draft: CaseDraft, tmp_path: Path, work: Work
) -> None:
    """The organiser fetches the pack, adds a table and another metric, and sends it in again."""
    fetched = zipfile.ZipFile(io.BytesIO(b"".join(desk.get(at(draft, "pack.zip")))))
    names = fetched.namelist()
    assert {"case.toml", "story.ja.md", "data/public/train.csv", "starters/ja/01-first-submission.ipynb"} < set(names)
    assert [name for name in names if name.startswith(("data/truth", "data/baselines", "samples", "."))] == []
    folder = tmp_path / "edited"
    fetched.extractall(folder)
    manifest = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    manifest["scoring"]["metrics"][0]["digits"] = 2
    (folder / "case.toml").write_text(to_toml(manifest | {"files": [*manifest["files"], TABLES[0]]}), "utf-8")
    (folder / "data/public/shops.csv").write_text(SHOPS, encoding="utf-8")

    desk.post(at(draft, "pack/"), {"archive": SimpleUploadedFile("edited.zip", zip_of(folder))})
    draft = work(CaseDraft.objects.get())

    assert (draft.state, draft.problems) == ("ready", [])
    assert "席数" in desk.get(at(draft, "preview/")).text
    assert (draft.pack_folder / "data/truth/truth.csv").is_file()
    assert check_pack(draft.pack_folder) == []


def test_the_meaning_of_a_column_is_written_once_for_all_files_that_have_it(desk: Client, draft: CaseDraft) -> None:
    form = desk.get(at(draft, "columns/")).context["form"]
    body = {name: form[name].value() for name in form.fields}
    (number,) = (number for number, one in enumerate(form.columns) if one["name"] == "売価")
    body |= {f"column-{number}-ja": "その日の売価（税込み）", f"column-{number}-en": "Price of the day, with tax"}

    assert desk.post(at(draft, "columns/"), body).status_code == 302

    draft = CaseDraft.objects.get()
    manifest = tomllib.loads((draft.pack_folder / "case.toml").read_text(encoding="utf-8"))
    meanings = [
        column["description"] for file in manifest["files"] for column in file["columns"] if column["name"] == "売価"
    ]
    assert meanings == [{"ja": "その日の売価（税込み）", "en": "Price of the day, with tax"}] * 2
    assert (draft.state, draft.task) == ("waiting", "prove")
    assert AuditEntry.objects.get(action="draft.changed").details["what"] == "texts"
    CaseDraft.objects.update(state="ready")
    assert "Price of the day, with tax" in desk.get(at(draft, "preview/")).text


def test_an_empty_meaning_is_told_and_nothing_typed_is_lost(desk: Client, draft: CaseDraft) -> None:
    form = desk.get(at(draft, "columns/")).context["form"]
    body = {name: form[name].value() for name in form.fields} | {"column-0-ja": "", "column-0-en": "Kept words"}
    answer = desk.post(at(draft, "columns/"), body)
    assert answer.status_code == 422
    name = answer.context["form"].columns[0]["name"]
    assert f"{name}: Meaning in Japanese: This field is required" in answer.text
    assert "Kept words" in answer.text


@pytest.mark.parametrize(("way", "field"), [("table", "table"), ("zip", "archive")])
def test_a_file_beyond_the_limit_is_told_in_words_on_the_page(
    desk: Client, settings: Settings, way: str, field: str
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    assert "Up to 1000\xa0bytes." in desk.get(OWN).text
    large = SimpleUploadedFile("large.csv", b"1" * (ENVELOPE + 2_000))
    answer = desk.post(OWN, {"way": way, field: large}, follow=True)
    assert answer.status_code == 200
    assert "The file is too large and was not read" in answer.text
    assert not CaseDraft.objects.exists()


def test_forged_uploads_are_refused(organiser: Person, case_root: Path, bakery: Path) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(organiser, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert upload(browser, zip_of(bakery)).status_code == 403
    assert not CaseDraft.objects.exists()


def test_pages_name_their_own_fields_where_the_command_line_names_options() -> None:
    unknown = {"file": "table.csv", "field": "--target", "value": "数", "known": "日付, 販売数"}
    about = {"file": "table.csv", "column": "天気", "percent": 99, "count": 3}
    kept = [{"code": "new_column", "params": unknown}, *({"code": code, "params": about} for code in ANSWERS)]
    with translation.override("en"):
        told = worded(kept)
    assert told[0] == (
        "Table: there is no column “数”, as given in “Column to predict”. Available columns: 日付, 販売数."
    )
    assert not [text for text in told if "--" in text]
