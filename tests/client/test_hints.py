"""Hints as learners see them in the notebook and on the command line: from the site, and looked for here."""

import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from campus.cases.actions import adopt_case, install_case
from campus.cases.models import Step
from campus.cohorts.models import Cohort
from campus.people.models import Person
from campus.submissions import advice, runner
from campus.submissions.models import Grading, Submission
from grader.contract import Kind, State
from grader.runner import client
from grader.runner.private import private_runner
from manabiai import Site
from tests.campus.cast import PACK, reschedule
from tests.campus.submissions.test_hints import HINTS, PLAIN, SHUFFLES
from tests.client.conftest import grade_what_waits

pytestmark = pytest.mark.xdist_group("runner")


@pytest.fixture(scope="module")
def socket() -> Iterator[Path]:
    with private_runner(python=sys.executable, kinds=[Kind.CODE], places=1) as found:
        if not (status := client.status(found)).is_ready:
            pytest.skip(f"this machine cannot isolate: {status.reason}")
        yield found


@pytest.fixture
def step(cohort: Cohort, tmp_path: Path) -> Step:
    """An open step that takes programs, of a case with hints."""
    pack = tmp_path / "packs" / PACK.name
    shutil.copytree(PACK, pack, ignore=shutil.ignore_patterns("__pycache__"))
    manifest = pack / "case.toml"
    text = manifest.read_text().replace('kinds = ["predictions"]', 'kinds = ["predictions", "code"]\nsample_rows = 8')
    manifest.write_text(text.replace('version = "1.0.0"', 'version = "1.6.0"') + HINTS)
    installed = install_case(source=pack, actor=None)
    case = adopt_case(cohort=cohort, case_version=installed, starts_at=timezone.now(), actor=None)
    found = Step.objects.with_case().filter(cohort_case=case, kind="model").earliest("position")
    return reschedule(found, opens=timedelta(days=-2), closes=timedelta(days=3))


@pytest.fixture
def told() -> list[str]:
    """What was said while waiting."""
    return []


@pytest.fixture
def learners(step: Step, site_of: Callable[..., Site], learner: Person, told: list[str]) -> Site:
    return site_of(learner, sleep=grade_and_advise, tell=told.append)


def grade_and_advise(seconds: float) -> None:
    """Stands for the pause between two polls: a worker grades, and looks for hints on what is scored already."""
    scored = list(Grading.objects.filter(state=State.SCORED, prediction__hints__isnull=True))
    grade_what_waits(seconds)
    for row in scored:
        advice.advise(row.pk)


def program(folder: Path, source: str) -> Path:
    path = folder / "solution.py"
    path.write_text(source)
    return path


def test_submit_waits_a_little_for_hints(socket: Path, settings: Any, learners: Site, tmp_path: Path) -> None:
    settings.RUNNER_SOCKET = socket
    runner.note_status()

    submission = learners.submit(program(tmp_path, SHUFFLES))

    assert submission.is_scored
    (hint,) = submission.hints or []
    assert "includes later days" in hint
    assert f"Hint (doesn’t affect your score): {hint}" in str(submission)


def test_submit_does_not_wait_for_hints_for_ever(
    socket: Path, settings: Any, step: Step, site_of: Callable[..., Site], learner: Person, tmp_path: Path
) -> None:
    settings.RUNNER_SOCKET = socket
    runner.note_status()

    submission = site_of(learner).submit(program(tmp_path, SHUFFLES))

    assert (submission.state, submission.hints) == ("scored", None)


def test_check_looks_for_them_here(learners: Site, told: list[str], tmp_path: Path) -> None:
    checked = learners.check(program(tmp_path, SHUFFLES))

    (hint,) = checked.hints
    assert "includes later days" in hint
    assert hint in str(checked)
    assert told == ["Running the program on this computer to look for hints on its method (at most 60 s)."]
    assert not Submission.objects.exists()


def test_check_says_them_in_japanese(step: Step, site_of: Callable[..., Site], learner: Person, tmp_path: Path) -> None:
    checked = site_of(learner, language="ja", tell=lambda _: None).check(program(tmp_path, SHUFFLES))

    assert "ヒント（スコアには影響しません）：検証用の行より後の日のデータで" in str(checked)


@pytest.mark.parametrize("source", [PLAIN, "def predict(data): return 1 / 0", "def predict(data): raise SystemExit"])
def test_check_keeps_silent_where_there_is_nothing_to_say(learners: Site, tmp_path: Path, source: str) -> None:
    assert learners.check(program(tmp_path, source)).hints == []


def test_check_need_not_run_anything(learners: Site, told: list[str], tmp_path: Path) -> None:
    assert learners.check(program(tmp_path, SHUFFLES), hints=False).hints == []
    assert told == []
