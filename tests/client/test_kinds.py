"""Models, programs and notebooks from the client: checked here, run by the real runner, followed to the score."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import skops.io
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from sklearn.preprocessing import FunctionTransformer
from sklearn.tree import DecisionTreeRegressor

from campus.cases.actions import adopt_case, install_case
from campus.cases.models import Step
from campus.cohorts.models import Cohort
from campus.people.models import Person
from campus.submissions import actions, runner
from campus.submissions.models import RunnerPulse, Submission
from grader.contract import Kind
from grader.runner import client
from grader.runner.private import private_runner
from manabiai import FormatError, ManabiaiError, Site, cli
from manabiai.work import CONTENT_TYPES
from tests.campus.api.calls import token_of
from tests.campus.cast import PACK, reschedule
from tests.client.conftest import grade_what_waits
from tests.grading.onnx_files import FLOAT, model, node, value

pytestmark = pytest.mark.xdist_group("runner")

SUBMISSION = """[submission]
model = { file = "test.csv", form = "columns", inputs = [{ name = "day", column = "day" }] }
sample_rows = 8
kinds = ["predictions", "onnx", "skops", "code", "notebook"]
"""
DAYS = """
def predict(data):
    test = data["test"]
    print("rows:", len(test))
    return test[["id"]].assign(forecast=test["日"] * 1.0)
"""
FAILS_ON_SAMPLE = """
def predict(data):
    print("columns:", *data["test"].columns)
    return data["test"]["no such column"]
"""
FAILS_ON_HIDDEN = """
def predict(data):
    test = data["test"]
    if len(test) > 10:
        raise KeyError("secret " + test["id"].iloc[-1])
    return test[["id"]].assign(forecast=10.0)
"""


@pytest.fixture(scope="module")
def socket() -> Iterator[Path]:
    """A runner of this module's own."""
    with private_runner(python=sys.executable, places=1) as found:
        if not (status := client.status(found)).is_ready:
            pytest.skip(f"this machine cannot isolate: {status.reason}")
        yield found


@pytest.fixture
def running(socket: Path, settings: Any, db: None) -> None:
    """The runner, and its pulse felt."""
    settings.RUNNER_SOCKET = socket
    runner.note_status()


@pytest.fixture
def step(cohort: Cohort, tmp_path: Path) -> Step:
    """An open step that takes every kind."""
    pack = tmp_path / "packs" / PACK.name
    shutil.copytree(PACK, pack, ignore=shutil.ignore_patterns("__pycache__"))
    manifest = pack / "case.toml"
    text = manifest.read_text().replace('[submission]\nkinds = ["predictions"]\n', SUBMISSION)
    manifest.write_text(text.replace('version = "1.0.0"', 'version = "1.3.0"'))
    version = install_case(source=pack, actor=None)
    case = adopt_case(cohort=cohort, case_version=version, starts_at=timezone.now(), actor=None)
    found = Step.objects.with_case().filter(cohort_case=case, kind="model").earliest("position")
    return reschedule(found, opens=timedelta(days=-2), closes=timedelta(days=3))


@pytest.fixture
def any_kind(step: Step, site_of: Callable[..., Site], learner: Person) -> Site:
    """The site as the learner sees it, where every kind is taken."""
    return site_of(learner)


def days() -> DecisionTreeRegressor:
    """A model that answers with the day, as DAYS does."""
    known = pd.DataFrame({"day": range(1, 100)})
    return DecisionTreeRegressor().fit(known, known["day"])


def days_as_onnx(*, given: str = "day") -> bytes:
    """The same in ONNX."""
    identity = node("Identity", [given], ["forecast"])
    return model(nodes=[identity], inputs=[value(given, FLOAT)], outputs=[value("forecast", FLOAT)])


def notebook(*cells: str) -> bytes:
    """A notebook of these code cells."""
    made = [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


WORKS: dict[str, Callable[[], bytes]] = {
    "model.onnx": days_as_onnx,
    "model.skops": lambda: skops.io.dumps(days()),
    "solution.py": DAYS.encode,
    "notebook.ipynb": lambda: notebook(DAYS),
}
KIND_OF = {"model.onnx": "onnx", "model.skops": "skops", "solution.py": "code", "notebook.ipynb": "notebook"}


@pytest.fixture
def work(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The named one of WORKS, in a folder."""
    path = tmp_path / request.param
    path.write_bytes(WORKS[path.name]())
    return path


@pytest.mark.parametrize("work", WORKS, indirect=True)
def test_every_kind_is_checked_here_and_scored_there(running: None, any_kind: Site, work: Path) -> None:
    checked = any_kind.check(work)
    assert (checked.kind, checked.rows) == (KIND_OF[work.name], None)
    assert "It will be run on the site" in str(checked)

    submission = any_kind.submit(work, note="by kind")

    assert (submission.kind, submission.state, submission.problems) == (KIND_OF[work.name], "scored", [])
    table = pd.read_csv(any_kind.data()["test.csv"])
    frame = pd.DataFrame({"id": table["id"], "予測": table["日"].astype(float)})
    assert submission.public == any_kind.submit(frame).public


def test_a_fitted_model_is_handed_in_as_it_is(running: None, any_kind: Site) -> None:
    assert any_kind.check(days()).kind == Kind.SKOPS
    submission = any_kind.submit(days())
    assert (submission.file_name, submission.state) == ("DecisionTreeRegressor.skops", "scored")
    assert list(any_kind.scores().frame()["kind"]) == ["skops"]


def test_each_kind_has_a_content_type() -> None:
    assert set(CONTENT_TYPES) == set(Kind)


BAD = {
    "empty.onnx": (b"", "The file is empty"),
    "damaged.onnx": (b"no model", "can’t be read as an ONNX model"),
    "inputs.onnx": (days_as_onnx(given="price"), "inputs don’t match .*price.*day"),
    "damaged.skops": (b"no archive", "can’t be read as a skops model"),
    "types.skops": (skops.io.dumps(FunctionTransformer(shutil.rmtree)), "types that are not accepted .*rmtree"),
    "model.pkl": (b"\x80\x04K\x01.", "Pickle .* files are not accepted"),
    "renamed.csv": (b"\x80\x04K\x01.", "Pickle .* files are not accepted"),
    "other.py": (b"print(1)\n", "no predict function"),
    "large.py": (DAYS.encode() + b"#" * 200_000, "more than the limit of 200,000"),
    "text.ipynb": (b"{}", "can’t be read as a Python notebook"),
    "empty.ipynb": (notebook(""), "no code cells"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_run_is_refused_here_as_there(
    running: None, any_kind: Site, tmp_path: Path, name: str, learner: Person, step: Step
) -> None:
    data, words = BAD[name]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(FormatError, match=words) as here:
        any_kind.submit(path)
    with pytest.raises(FormatError):
        any_kind.check(path)
    assert not Submission.objects.exists()

    enrolment = learner.enrolments.select_related("cohort", "person").get()
    with pytest.raises(actions.refusals.FormatRefused) as there:
        actions.hand_in(step=step, enrolment=enrolment, upload=actions.Upload(name, data))
    assert here.value.problems == [problem.text("en") for problem in there.value.problems]


def test_a_kind_that_the_case_does_not_take_is_told(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "solution.py"
    path.write_text(DAYS)
    with pytest.raises(FormatError, match=r"Python \(\.py\).*CSV"):
        site.submit(path)
    assert not Submission.objects.exists()


def test_models_that_are_no_file_yet_are_refused_in_words(any_kind: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ManabiaiError, match="DecisionTreeRegressor hasn’t been fitted yet"):
        any_kind.submit(DecisionTreeRegressor())
    monkeypatch.setitem(sys.modules, "skops.io", None)
    with pytest.raises(ManabiaiError, match="pip install skops"):
        any_kind.submit(days())


def test_an_error_on_the_sample_is_told_with_its_log(running: None, any_kind: Site, tmp_path: Path) -> None:
    path = tmp_path / "solution.py"
    path.write_text(FAILS_ON_SAMPLE)
    submission = any_kind.submit(path)
    assert submission.state == "rejected"
    shown = str(submission)
    assert "Line 4 of your code ended with an error (KeyError)" in shown
    assert "Log of the run on the public sample:\n" in shown
    assert shown.endswith("\n  KeyError: 'no such column'")
    assert submission.log.startswith("columns: id 日 商品\n")


def test_of_hidden_data_only_class_and_line_are_told(running: None, any_kind: Site, tmp_path: Path) -> None:
    path = tmp_path / "notebook.ipynb"
    path.write_bytes(notebook("import math", FAILS_ON_HIDDEN))
    submission = any_kind.submit(path)
    assert "Line 5 of code cell 2 ended with an error (KeyError)" in str(submission)
    assert "secret" not in f"{submission!s}{submission.log}"


class Clock:
    """Stands for time: the queue stands still for some pauses, then it is graded."""

    def __init__(self, *, still: int) -> None:
        self.still = still

    def sleep(self, seconds: float) -> None:
        self.still -= 1
        if self.still < 0:
            grade_what_waits(seconds)


def test_while_waiting_the_place_and_the_expected_time_are_told(
    running: None, site_of: Callable[..., Site], learner: Person, mate: Person, step: Step, tmp_path: Path
) -> None:
    path, told = tmp_path / "solution.py", []
    path.write_text(DAYS)
    other = tmp_path / "other.py"
    other.write_text(DAYS + "# mine\n")
    site_of(mate).submit(other, wait=False)

    waiting = site_of(learner, sleep=Clock(still=6).sleep, tell=told.append).submit(path, wait=False)
    assert (waiting.position, waiting.expected_seconds) == (2, 15)
    assert str(waiting) == f"Submission {waiting.id}: waiting (place 2 in the queue, about 15 s)"

    site = site_of(learner, sleep=Clock(still=6).sleep, tell=told.append)
    assert site.wait_for(waiting).is_scored
    assert told == [str(waiting)]


def test_a_cancelled_submission_ends_the_waiting(
    running: None, site_of: Callable[..., Site], learner: Person, step: Step, tmp_path: Path
) -> None:
    path = tmp_path / "solution.py"
    path.write_text(DAYS)

    def cancel(_seconds: float) -> None:
        actions.cancel(submission=Submission.objects.with_result().get())

    assert str(site_of(learner, sleep=cancel).submit(path)).endswith(": cancelled")
    (told,) = site_of(learner, language="ja").scores()
    assert str(told).endswith("：取消")


def test_without_a_runner_files_are_checked_all_the_same(any_kind: Site) -> None:
    assert any_kind.check(days()).kind == Kind.SKOPS
    assert not RunnerPulse.objects.exists()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Line 4 of your code"), ("ja", "コードの4行目でエラー（KeyError）")]
)
def test_the_command_line_takes_programs_and_tells_their_errors(
    running: None, live_server: LiveServer, learner: Person, step: Step, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, words: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("MANABIAI_URL", live_server.url)
    monkeypatch.setenv("MANABIAI_TOKEN", token_of(learner))
    monkeypatch.setenv("MANABIAI_LANGUAGE", language)
    monkeypatch.setattr(cli, "Site", lambda **given: Site(**given, sleep=Clock(still=1).sleep))
    path = tmp_path / "solution.py"
    path.write_text(FAILS_ON_SAMPLE)
    assert [cli.main(["check", str(path)]), cli.main(["submit", str(path)])] == [0, 1]
    shown = capsys.readouterr()
    assert words in shown.out
    assert {"en": "place 1 in the queue", "ja": "1番目、あと約"}[language] in shown.err
