"""Hints on programs: looked for after the score, shown to those who see the submission, never deciding anything."""

import shutil
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from campus.cases.actions import adopt_case, install_case
from campus.cases.models import Step
from campus.cohorts.models import Cohort, Enrolment
from campus.people.models import Person
from campus.submissions import advice, grading, runner
from campus.submissions.actions import Upload, hand_in
from campus.submissions.models import Grading, Prediction, RunnerPulse, Submission
from grader.contract import Kind, State
from grader.runner import client
from grader.runner.client import RunnerUnavailable
from grader.runner.private import private_runner
from tests.campus.api.calls import as_person
from tests.campus.cast import PACK, reschedule, signed_in
from tests.campus.submissions.files import graded
from tests.campus.submissions.pages import address, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("runner")]

SHUFFLES = """
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import train_test_split

def predict(data):
    train, test = data["train"], data["test"]
    learn, check = train_test_split(train, random_state=0)
    LinearRegression().fit(learn[["日"]], learn["販売数"])
    return test[["id"]].assign(forecast=10.0)
"""
PLAIN = """
def predict(data):
    return data["test"][["id"]].assign(forecast=10.0)
"""
HINTS = '\n[hints]\nlook_for = ["time_folds", "single_feature"]\ntable = "train.csv"\n'


@pytest.fixture(scope="module")
def socket() -> Iterator[Path]:
    with private_runner(python=sys.executable, kinds=[Kind.CODE], places=1) as found:
        if not (status := client.status(found)).is_ready:
            pytest.skip(f"this machine cannot isolate: {status.reason}")
        yield found


@pytest.fixture
def running(socket: Path, settings: Any, db: None) -> Path:
    settings.RUNNER_SOCKET = socket
    runner.note_status()
    return socket


def adopted(cohort: Cohort, folder: Path, *, hints: str, version: str) -> Step:
    """An open step of a case that takes programs and has these hints."""
    pack = folder / PACK.name
    shutil.copytree(PACK, pack, ignore=shutil.ignore_patterns("__pycache__"))
    manifest = pack / "case.toml"
    text = manifest.read_text().replace('kinds = ["predictions"]', 'kinds = ["predictions", "code"]\nsample_rows = 8')
    manifest.write_text(text.replace('version = "1.0.0"', f'version = "{version}"') + hints)
    installed = install_case(source=pack, actor=None)
    case = adopt_case(cohort=cohort, case_version=installed, starts_at=timezone.now(), actor=None)
    found = Step.objects.with_case().filter(cohort_case=case, kind="model").earliest("position")
    return reschedule(found, opens=timedelta(days=-2), closes=timedelta(days=3))


@pytest.fixture
def step(cohort: Cohort, tmp_path: Path) -> Step:
    return adopted(cohort, tmp_path, hints=HINTS, version="1.4.0")


def scored(step: Step, enrolment: Enrolment, source: str) -> Submission:
    submission = hand_in(step=step, enrolment=enrolment, upload=Upload("solution.py", source.encode()))
    ProcrastinateJob.objects.all().delete()  # the worker has taken it
    grading.attempt(submission.grading.pk)
    return Submission.objects.with_result().get(pk=submission.pk)


def looked_at(submission: Submission) -> Submission:
    advice.advise(submission.grading.pk)
    return Submission.objects.with_result().get(pk=submission.pk)


def told(step: Step, person: Person, submission: Submission) -> dict[str, Any]:
    answer: dict[str, Any] = as_person(person).get(f"/api/v1/submissions/{submission.pk}").json()
    return answer


def test_a_scored_program_is_looked_at_behind_all_others(running: Path, step: Step, enrolment: Enrolment) -> None:
    submission = scored(step, enrolment, SHUFFLES)

    assert submission.grading.state == State.SCORED
    job = ProcrastinateJob.objects.get(task_name="submissions.advise")
    assert (job.queue_name, job.priority, job.args) == ("runs", -200, {"grading_id": submission.grading.pk})


def test_hints_are_shown_on_its_page_in_the_list_and_in_the_api(
    running: Path, step: Step, enrolment: Enrolment, learner: Person, browser: Client
) -> None:
    submission = scored(step, enrolment, SHUFFLES)
    assert told(step, learner, submission)["hints"] is None
    page = address("submission", step, submission.pk)
    assert "結果はここに表示されます" in text_of(browser.get(page))

    submission = looked_at(submission)

    assert submission.grading.state == State.SCORED
    (hint,) = told(step, learner, submission)["hints"]
    assert (hint["code"], hint["params"]) == ("hint_time_folds", {"share": pytest.approx(1.0, abs=0.2)})
    shown = text_of(browser.get(page))
    assert "進め方のヒント" in shown
    assert "結果はここに表示されます" not in shown
    assert "検証用の行より後の日のデータで学習しています" in shown
    assert "進め方のヒントが1件あります" in text_of(browser.get(address("hand_in", step)))


def test_nothing_is_promised_where_no_hints_come(
    running: Path, step: Step, enrolment: Enrolment, browser: Client
) -> None:
    submission = scored(step, enrolment, SHUFFLES)
    Grading.objects.filter(pk=submission.grading.pk).update(finished_at=timezone.now() - timedelta(hours=1))

    assert "進め方のヒント" not in text_of(browser.get(address("submission", step, submission.pk)))


def test_where_nothing_was_noticed_the_page_says_what_that_means(
    running: Path, step: Step, enrolment: Enrolment, learner: Person, browser: Client
) -> None:
    submission = looked_at(scored(step, enrolment, PLAIN))

    assert told(step, learner, submission)["hints"] == []
    assert "保証するものではありません" in text_of(browser.get(address("submission", step, submission.pk)))


def test_the_same_file_is_looked_at_once(
    running: Path, step: Step, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    looked_at(scored(step, enrolment, SHUFFLES))

    again = scored(step, mate_enrolment, SHUFFLES)

    assert not ProcrastinateJob.objects.filter(task_name="submissions.advise").exists()
    assert again.grading.prediction is not None
    assert [hint["code"] for hint in again.grading.prediction.hints] == ["hint_time_folds"]


def test_what_lost_its_job_is_looked_at_after_all(running: Path, step: Step, enrolment: Enrolment) -> None:
    submission = scored(step, enrolment, SHUFFLES)
    jobs = ProcrastinateJob.objects.filter(task_name="submissions.advise")
    jobs._raw_delete("default")
    advice.look_for_advice_owed()
    assert not jobs.exists(), "just scored: its job may be on its way"

    Grading.objects.filter(pk=submission.grading.pk).update(finished_at=timezone.now() - timedelta(minutes=5))
    for _twice in range(2):
        advice.look_for_advice_owed()
        assert [job.args for job in jobs.all()] == [{"grading_id": submission.grading.pk}]

    jobs._raw_delete("default")
    looked_at(submission)
    advice.look_for_advice_owed()
    assert not jobs.exists()


def test_files_and_cases_without_hints_are_left_alone(
    running: Path, step: Step, enrolment: Enrolment, cohort: Cohort, learner: Person
) -> None:
    file = graded(step, enrolment)

    assert told(step, learner, file)["hints"] == []
    assert not ProcrastinateJob.objects.filter(task_name="submissions.advise").exists()


def test_a_case_that_asks_for_none_runs_nothing_more(
    running: Path, cohort: Cohort, tmp_path: Path, enrolment: Enrolment, learner: Person
) -> None:
    plain = adopted(cohort, tmp_path, hints="", version="1.5.0")
    submission = scored(plain, enrolment, SHUFFLES)

    assert told(plain, learner, submission)["hints"] == []
    assert not ProcrastinateJob.objects.filter(task_name="submissions.advise").exists()


def test_without_a_runner_the_job_comes_back_and_the_score_stays(
    running: Path, step: Step, enrolment: Enrolment, settings: Any, tmp_path: Path
) -> None:
    submission = scored(step, enrolment, SHUFFLES)
    settings.RUNNER_SOCKET = tmp_path / "nobody.sock"
    with pytest.raises(RunnerUnavailable):
        advice.advise(submission.grading.pk)
    RunnerPulse.objects.update(is_ready=False)
    with pytest.raises(RunnerUnavailable):
        advice.advise(submission.grading.pk)

    assert Prediction.objects.get().hints is None
    submission.grading.refresh_from_db()
    assert submission.grading.state == State.SCORED


def test_hints_are_nobody_elses_business(running: Path, step: Step, enrolment: Enrolment, outsider: Person) -> None:
    submission = looked_at(scored(step, enrolment, SHUFFLES))

    assert signed_in(outsider).get(address("submission", step, submission.pk)).status_code == 404
    assert as_person(outsider).get(f"/api/v1/submissions/{submission.pk}").status_code == 404
