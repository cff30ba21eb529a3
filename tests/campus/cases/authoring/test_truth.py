"""The truth appears nowhere: answers of ten digits, planted in a case, are looked for in all that leaves the scorer."""

import io
import logging
import re
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from psycopg import sql
from pytest_django import Settings

from campus.cases.models import CaseDraft, CaseVersion, Step
from campus.cohorts.models import Cohort, Enrolment
from campus.notebooks.delivery import deliveries_of
from campus.people.models import Person
from campus.rescoring.actions import begin
from campus.submissions import advice, grading, runner
from campus.submissions.actions import Upload, hand_in
from campus.submissions.models import Prediction, Submission
from grader.checks import check_pack, prove_pack
from grader.contract import Kind, Plane, State
from grader.new.reporting import as_json
from grader.new.wishes import Wishes
from grader.new.writing import Report, make_pack
from grader.pack import Pack
from grader.runner import client
from grader.runner.features import given_to
from grader.runner.private import private_runner
from tests.campus.api.calls import as_person, path_of
from tests.campus.cases.authoring.conftest import at, upload, zip_of
from tests.campus.cast import reschedule, signed_in
from tests.campus.notebooks.calls import start
from tests.campus.rescoring.conftest import run_jobs
from tests.campus.submissions.files import csv_file, graded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english"), pytest.mark.xdist_group("runner")]

Shown = dict[str, bytes]
Work = Callable[[CaseDraft], CaseDraft]
DAYS = 160
MORE = 7  # what the mended truth of the second version adds to each answer
CASE = "/cohorts/spring/cases/planted/"
DESK = "/cohorts/spring/desk/"
# Pages about the case. Sorted lists show the same once more.
_OURS = re.compile(rf"({CASE}|{DESK}(cases|rescoring|schedule)/)(?!.*(sort|next)=)")
_LINKS = re.compile(r'(?:href|src|hx-get|data-url|data-chart)="(/[^"#]*)')
PRINTS_ALL = """
import pathlib
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import train_test_split

def predict(data):
    train, test = data["train"], data["test"]
    learn, check = train_test_split(train, random_state=0)
    LinearRegression().fit(learn[["客数"]], learn["売上"])
    for path in pathlib.Path(".").rglob("*"):
        print(path, path.read_text() if path.is_file() else "")
    return test[["id"]].assign(prediction=1.0)
"""


def table() -> bytes:
    """Takings follow the customers; a report, known afterwards, has a word of its own for each day."""
    chance = np.random.default_rng(0)
    lines = ["日付,客数,結果の報告,売上"]
    for number in range(DAYS):
        customers = int(chance.integers(100, 900))
        takings = 1_000_000_000 + customers * 5_000_000 + int(chance.integers(0, 1_700_000_000))
        day = date(2025, 4, 1) + timedelta(days=number)
        lines.append(f"{day},{customers},report{number % 53}x{chance.integers(10**11, 10**12)},{takings}")
    return "\r\n".join([*lines, ""]).encode("cp932")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The pack of the table; the last fifth of its days is to be predicted."""
    folder = tmp_path_factory.mktemp("packs") / "planted"
    return make_pack(table(), name="t.csv", folder=folder, wishes=Wishes(target="売上", after=("結果の報告",)), seed=1)


@pytest.fixture(scope="module")
def mended(made: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second version with another truth, of the same public data."""
    folder = Path(shutil.copytree(made.folder, tmp_path_factory.mktemp("mended") / "planted"))
    manifest, truth = folder / "case.toml", folder / "data/truth/truth.csv"
    manifest.write_text(manifest.read_text("utf-8").replace('version = "1.0.0"', 'version = "1.1.0"'), "utf-8")
    truth.write_text(re.sub(r"\d{10}(?=\n)", lambda old: str(int(old[0]) + MORE), truth.read_text("utf-8")), "utf-8")
    assert check_pack(folder, recording=True) == []
    return folder


@pytest.fixture(scope="module")
def hidden(made: Report) -> list[str]:
    """All that only the scorer may know: both truths, and what was reported on the days to predict."""
    rows = [line.split(",") for line in table().decode("cp932").splitlines()[1:]]
    asked = rows[len(made.division.train) :]
    answers = [takings for *_, takings in asked]
    assert answers
    assert all(len(answer) == 10 for answer in answers)
    return [*answers, *(str(int(answer) + MORE) for answer in answers), *(report for _, _, report, _ in asked)]


@pytest.fixture
def draft(desk: Client, made: Report, case_root: Path) -> CaseDraft:
    """Uploaded and checked, with what a worker found in its table."""
    upload(desk, zip_of(made.folder))
    proof, wishes = prove_pack(made.folder).to_json(), {"target": "売上", "after": ["結果の報告"]}
    CaseDraft.objects.update(state="ready", proof=proof, report=as_json(made), wishes=wishes)
    return CaseDraft.objects.get()


@pytest.fixture
def step(desk: Client, draft: CaseDraft, work: Work) -> Step:
    """The case, published and begun in the cohort, so that its graded step is open."""
    desk.post(at(draft, "publish/"), {"version": "1.0.0"})
    assert work(draft).state == "ready"
    desk.post(at(draft, "adopt/"), {"starts_on": f"{timezone.localdate() - timedelta(days=10)}"})
    return Step.objects.with_case().get(key="model")


def publish_next(desk: Client, draft: CaseDraft, pack: Path, work: Work) -> CaseVersion:
    """Put the mended pack into the draft's place and publish it."""
    desk.post(at(draft, "pack/"), {"archive": SimpleUploadedFile("p.zip", zip_of(pack))})
    CaseDraft.objects.update(state="ready", proof=prove_pack(pack).to_json())
    desk.post(at(draft, "publish/"), {"version": "1.1.0"})
    published = work(draft).published
    assert published is not None
    assert published.version == "1.1.0"
    return published


def told(hidden: list[str], shown: Shown) -> dict[str, list[str]]:
    """Where something hidden stands, as digits (also with separators) or as the bytes of a float64."""
    found = {}
    for place, content in shown.items():
        text = content.decode("utf-8", errors="replace")
        plain = text.replace(",", "")
        values = [one for one in hidden if one in text or one in plain or _as_float(one) in content]
        if values:
            found[place] = values
    return found


def _as_float(value: str) -> bytes:
    return np.float64(value).tobytes() if value.isdigit() else value.encode()


def unpacked(place: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """A file, and where it is an archive (zip, xlsx) what it holds."""
    yield place, content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from ((f"{place}:{name}", archive.read(name)) for name in archive.namelist())


def behind(browser: Client, *addresses: str, ours: re.Pattern[str] = _OURS) -> Shown:
    """What the browser gets of these addresses and of every one of ours that a page leads to."""
    waiting, seen, shown = list(addresses), set(addresses), {}
    while waiting:
        address = waiting.pop()
        answer = browser.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        shown |= dict(unpacked(f"{answer.status_code} {address}", content))
        if answer.get("Content-Type", "").startswith("text/html"):
            links = {unescape(link) for link in _LINKS.findall(content.decode())}
            new = {link for link in links - seen if ours.match(link)}
            waiting += sorted(new)
            seen |= new
    assert len(seen) < 250
    return shown


def from_the_api(person: Person, step: Step, submission: Submission) -> Shown:
    case = path_of(step).partition("/steps/")[0]
    api = as_person(person)
    files = [file["url"] for file in api.get(case).json()["files"]]
    steps = [path_of(step, rest) for rest in ("/submissions", "/leaderboard", "/quota")]
    addresses = ["/api/v1/cohorts", case, *files, *steps, f"/api/v1/submissions/{submission.pk}"]
    return behind(api, *addresses, ours=re.compile(r"^$"))


def in_the_notebook(person: Person) -> Shown:
    """What the Hub is told, and every file that lies in the person's folder."""
    shown = {"start": start(person).content}
    for one in deliveries_of(person):
        for folder in (one.data, one.starters):
            files = [path for path in folder.rglob("*") if path.is_file()] if folder else []
            shown |= {f"notebook: {path.name}": path.read_bytes() for path in files}
    return shown


def given_to_runs(pack: Pack, step: Step) -> Shown:
    """What the runner gets, for whatever kind and on both planes."""
    build, shown = step.case_version.build(), {}
    for kind in (Kind.ONNX, Kind.SKOPS, Kind.CODE, Kind.NOTEBOOK):
        for plane in Plane:
            for swapped in (False, True):
                given = given_to(kind, pack=pack, build=build, on=plane, swapped=swapped)
                shown[f"runner: {kind} {plane} {swapped}"] = given.data
    return shown


def in_the_database() -> Shown:
    """Every row of every table: events, jobs, audit log, shadow boards, kept reports and all the rest."""
    with connection.cursor() as cursor:
        shown = {}
        for name in connection.introspection.table_names(cursor):
            cursor.execute(sql.SQL("SELECT row::text FROM {} AS row").format(sql.Identifier(name)))
            shown[f"database: {name}"] = "\n".join(line for (line,) in cursor.fetchall()).encode()
    return shown


def test_nothing_that_leaves_the_scorer_tells_an_answer(
    desk: Client,
    draft: CaseDraft,
    step: Step,
    mended: Path,
    made: Report,
    hidden: list[str],
    work: Work,
    learner: Person,
    mentor: Person,
    organiser: Person,
    enrolment: Enrolment,
    mate_enrolment: Enrolment,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    best = graded(step, enrolment, value=8_500_000_000.0)
    graded(step, mate_enrolment, value=8_000_000_001.0)
    browser, about = signed_in(learner), (CASE, f"{CASE}data/", f"{CASE}model/submit/", f"{CASE}model/board/")
    refused = browser.post(
        f"{CASE}model/submit/", {"file": SimpleUploadedFile("m.csv", csv_file(step, drop_last=True))}
    )
    rescoring = begin(
        case=step.cohort_case,
        to_version=publish_next(desk, draft, mended, work),
        reason="Mended.",
        actor=organiser,
    )
    run_jobs()
    shadow = f"{DESK}rescoring/{rescoring.pk}/model/"

    shown = {"a refused file": refused.content, **behind(browser, *about)}
    for person in (mentor, organiser):
        pages = behind(signed_in(person), *about, f"{DESK}cases/", f"{DESK}cases/own/", f"{DESK}rescoring/", shadow)
        shown |= {f"{person.name} {place}": content for place, content in pages.items()}
    reschedule(step, opens=timedelta(days=-9), closes=timedelta(days=-1))
    for form in ("", "?export=csv", "?export=xlsx"):
        shown |= behind(desk, shadow + form)
    shown |= behind(browser, *about, f"{CASE}model/board/final/")
    shown |= from_the_api(learner, step, best) | in_the_notebook(learner) | given_to_runs(made.pack, step)
    shown |= in_the_database()
    shown["logs"] = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("django.db")
    ).encode()
    shown["mail"] = "\n".join(str(one.message()) for one in mail.outbox).encode()

    assert told(hidden, shown) == {}
    seen = "\n".join(shown)
    for place in (
        f"200 {CASE}data.zip:test.csv",
        f"200 {CASE}model/board/final/",
        f"Osamu 200 {DESK}cases/own/{draft.pk}/preview/",
        f"Osamu 200 {DESK}cases/planted/versions/",
        f"200 {shadow}?export=xlsx:xl/",
        "notebook: 01-first-submission.ipynb",
        "database: rescoring_shadowstanding",
    ):
        assert place in seen
    truth = {"truth": (step.case_version.path / "build/truth/truth.csv").read_bytes()}
    assert told(hidden, truth), "what is looked for can be found where it is"


@pytest.fixture(scope="module")
def socket() -> Iterator[Path]:
    with private_runner(python=sys.executable, kinds=[Kind.CODE], places=1) as found:
        if not (status := client.status(found)).is_ready:
            pytest.skip(f"this machine cannot isolate: {status.reason}")
        yield found


def test_neither_a_program_that_prints_all_nor_its_hints_tell_an_answer(
    socket: Path, settings: Settings, step: Step, cohort: Cohort, enrolment: Enrolment, hidden: list[str]
) -> None:
    settings.RUNNER_SOCKET = socket
    runner.note_status()
    submission = hand_in(step=step, enrolment=enrolment, upload=Upload("solution.py", PRINTS_ALL.encode()))
    grading.attempt(submission.grading.pk)
    advice.advise(submission.grading.pk)

    done = Submission.objects.with_result().get(pk=submission.pk)
    assert done.grading.state == State.SCORED, done.grading.problems
    assert "test.csv" in done.grading.log
    assert [hint["code"] for hint in Prediction.objects.get().hints or []] == ["hint_time_folds"]
    page: dict[str, Any] = behind(signed_in(enrolment.person), f"{CASE}model/submissions/{done.pk}/")
    assert told(hidden, page | in_the_database()) == {}
