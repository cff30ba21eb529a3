"""Programs handed in: run by the real runner, scored like a file, told to nobody but their owner."""

import shutil
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from campus.cases.actions import adopt_case, install_case
from campus.cases.models import Step
from campus.cohorts.models import Cohort, Enrolment
from campus.live.models import Event
from campus.people.models import Person
from campus.submissions import grading, refusals, runner
from campus.submissions.actions import Upload, cancel, hand_in
from campus.submissions.models import Grading, Prediction, RunnerPulse, Submission
from campus.submissions.quota import quota_of
from grader.contract import Kind, State
from grader.csvfile import Predictions
from grader.runner import client
from grader.runner.private import private_runner
from tests.campus.api.calls import as_person, path_of, problem
from tests.campus.cast import PACK, reschedule, signed_in
from tests.campus.submissions.files import graded, provisional
from tests.campus.submissions.pages import address, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("runner")]

TENS = """
def predict(data):
    test = data["test"]
    print("rows:", len(test))
    return test[["id"]].assign(forecast=10.0)
"""
FAILS_ON_HIDDEN = """
def predict(data):
    test = data["test"]
    if len(test) > 10:
        raise KeyError("secret " + test["id"].iloc[-1])
    return test[["id"]].assign(forecast=10.0)
"""
SLEEPS = "import time\ndef predict(data):\n    time.sleep(50)\n"


@pytest.fixture(scope="module")
def socket() -> Iterator[Path]:
    """A runner of this module's own."""
    with private_runner(python=sys.executable, kinds=[Kind.CODE], places=2) as found:
        if not (status := client.status(found)).is_ready:
            pytest.skip(f"this machine cannot isolate: {status.reason}")
        yield found


@pytest.fixture
def running(socket: Path, settings: Any, db: None) -> Path:
    """The runner, and its pulse felt."""
    settings.RUNNER_SOCKET = socket
    runner.note_status()
    return socket


@pytest.fixture
def step(cohort: Cohort, tmp_path: Path) -> Step:
    """An open step that takes programs."""
    pack = tmp_path / PACK.name
    shutil.copytree(PACK, pack, ignore=shutil.ignore_patterns("__pycache__"))
    manifest = pack / "case.toml"
    text = manifest.read_text().replace(
        'kinds = ["predictions"]', 'kinds = ["predictions", "code", "notebook"]\nsample_rows = 8'
    )
    manifest.write_text(text.replace('version = "1.0.0"', 'version = "1.2.0"'))
    case = adopt_case(
        cohort=cohort, case_version=install_case(source=pack, actor=None), starts_at=timezone.now(), actor=None
    )
    found = Step.objects.with_case().filter(cohort_case=case, kind="model").earliest("position")
    return reschedule(found, opens=timedelta(days=-2), closes=timedelta(days=3))


def program(step: Step, enrolment: Enrolment, source: str) -> Submission:
    return hand_in(step=step, enrolment=enrolment, upload=Upload("solution.py", source.encode()))


def run(submission: Submission) -> Submission:
    """One attempt, read afresh."""
    grading.attempt(submission.grading.pk)
    return Submission.objects.with_result().get(pk=submission.pk)


def test_a_program_is_scored_as_the_file_it_would_write(running: Path, step: Step, enrolment: Enrolment) -> None:
    submission = program(step, enrolment, TENS)
    assert ProcrastinateJob.objects.get(status="todo").queue_name == "runs"

    done = run(submission)

    assert (done.kind, done.grading.state, done.grading.log) == ("code", State.SCORED, "rows: 8\n")
    assert provisional(done) == provisional(graded(step, enrolment, value=10.0))
    assert done.grading.prediction is not None
    assert done.grading.prediction.environment_digest == RunnerPulse.objects.get().environment
    assert done.grading.prediction.scores.first().versions["environment"] == RunnerPulse.objects.get().environment  # type: ignore[union-attr]


def test_open_pages_hear_when_a_run_begins(running: Path, step: Step, enrolment: Enrolment) -> None:
    submission = program(step, enrolment, TENS)
    assert grading.take(submission.grading.pk)

    told = Event.objects.filter(kind="grading", payload__state="running").values_list("payload__submission", flat=True)
    assert list(told) == [submission.pk]


def test_the_same_program_runs_once(running: Path, step: Step, enrolment: Enrolment, mate_enrolment: Enrolment) -> None:
    first = run(program(step, enrolment, TENS))
    again = program(step, mate_enrolment, TENS)

    assert again.grading.prediction == first.grading.prediction
    assert ProcrastinateJob.objects.latest("id").queue_name == "grading"


def test_of_hidden_data_only_the_kind_of_an_error_and_its_line_are_told(
    running: Path, step: Step, enrolment: Enrolment, learner: Person
) -> None:
    done = run(program(step, enrolment, FAILS_ON_HIDDEN))

    assert done.grading.state == State.REJECTED
    (problem,) = done.grading.problems
    assert (problem["code"], problem["params"]["error"], problem["params"]["line"]) == ("run_error_at", "KeyError", 5)
    page = text_of(signed_in(learner).get(address("submission", step, done.pk)))
    assert "KeyError" in page
    assert "secret" not in page
    quota = quota_of(step=step, owner=done.owner)
    assert (quota.used, quota.runs) == (0, 1)


def test_the_history_leads_from_what_failed_to_its_output(
    running: Path, step: Step, enrolment: Enrolment, learner: Person
) -> None:
    failed = run(program(step, enrolment, f"print('seen')\n{FAILS_ON_HIDDEN}"))
    scored = run(program(step, enrolment, TENS))

    assert (failed.grading.log, bool(scored.grading.log)) == ("seen\n", True)
    history = signed_in(learner).get(address("hand_in", step)).content.decode()
    assert f'href="{address("submission", step, failed.pk)}#log"' in history
    assert f'href="{address("submission", step, scored.pk)}#log"' not in history


def test_the_log_is_shown_to_its_owner(running: Path, step: Step, enrolment: Enrolment, learner: Person) -> None:
    done = run(program(step, enrolment, TENS))
    assert "rows: 8" in text_of(signed_in(learner).get(address("submission", step, done.pk)))


def test_without_a_runner_programs_are_refused_in_words_and_files_are_not(step: Step, enrolment: Enrolment) -> None:
    with pytest.raises(refusals.RunnerAway):
        program(step, enrolment, TENS)
    assert not Submission.objects.exists()
    assert graded(step, enrolment).grading.state == State.SCORED


def test_the_page_puts_that_in_the_forms_place(step: Step, enrolment: Enrolment, learner: Person) -> None:
    form = {"file": SimpleUploadedFile("solution.py", TENS.encode()), "request_key": str(uuid.uuid4())}
    answer = signed_in(learner).post(
        address("hand_in", step), form, headers={"HX-Request": "true", "HX-Target": "feedback"}
    )
    page = answer.content.decode()
    assert answer.status_code == 503
    assert page.lstrip().startswith('<div id="feedback" data-feedback>')
    assert "予測をCSVで提出してください" in page


def test_without_javascript_no_corrected_file_is_asked_for_where_none_is_wrong(
    running: Path, step: Step, learner: Person
) -> None:
    def page(name: str, data: bytes) -> str:
        form = {"file": SimpleUploadedFile(name, data), "request_key": str(uuid.uuid4())}
        return str(signed_in(learner).post(address("hand_in", step), form).content.decode())

    asks = "直したファイルを、もう一度選んでください"
    assert asks in page("model.pkl", b"\x80\x04K\x01.")
    RunnerPulse.objects.update(is_ready=False)
    assert asks not in page("solution.py", TENS.encode())


def test_the_api_says_so_too(step: Step, learner: Person) -> None:
    form = {"file": SimpleUploadedFile("solution.py", TENS.encode(), "text/x-python")}
    answer = as_person(learner).post(path_of(step, "/submissions"), form)
    assert (answer.status_code, problem(answer)["code"]) == (503, "runner_away")


def test_a_runner_that_cannot_isolate_counts_as_away(step: Step, enrolment: Enrolment) -> None:
    RunnerPulse.objects.create(is_ready=False, reason="no namespaces", environment="e" * 64, seen_at=timezone.now())
    with pytest.raises(refusals.RunnerAway):
        program(step, enrolment, TENS)


def test_pickles_are_refused_with_the_way_out(running: Path, step: Step, enrolment: Enrolment) -> None:
    with pytest.raises(refusals.FormatRefused) as refused:
        hand_in(step=step, enrolment=enrolment, upload=Upload("model.pkl", b"\x80\x04K\x01."))
    assert [problem.code for problem in refused.value.problems] == ["file_is_pickle"]


def test_failed_runs_are_free_but_not_endless(running: Path, step: Step, enrolment: Enrolment) -> None:
    limit = quota_of(step=step, owner=Submission(step=step, enrolment=enrolment).owner).runs_per_day
    for number in range(limit):
        program(step, enrolment, f"{SLEEPS}# {number}")
        Grading.objects.update(state=State.REJECTED)

    with pytest.raises(refusals.TooManyRuns):
        program(step, enrolment, TENS)
    assert graded(step, enrolment).grading.state == State.SCORED


def test_a_runner_that_is_lost_three_times_gives_the_attempt_back(
    running: Path, step: Step, enrolment: Enrolment, settings: Any, tmp_path: Path
) -> None:
    submission = program(step, enrolment, TENS)
    settings.RUNNER_SOCKET = tmp_path / "nobody.sock"
    for _ in range(grading.ATTEMPTS):
        done = run(submission)
        assert runner.is_ready() is False  # Until it answers again, no attempt is spent.

    assert (done.grading.state, done.grading.attempt) == (State.FAILED, grading.ATTEMPTS)
    assert quota_of(step=step, owner=done.owner).used == 0


def test_who_waits_too_long_for_a_runner_gets_the_attempt_back(running: Path, step: Step, enrolment: Enrolment) -> None:
    submission = program(step, enrolment, TENS)
    RunnerPulse.objects.update(seen_at=timezone.now() - timedelta(minutes=11))
    grading.sweep()
    assert Grading.objects.get().state == State.QUEUED

    Grading.objects.update(queued_at=timezone.now() - timedelta(minutes=11))
    grading.sweep()
    assert Grading.objects.get().state == State.FAILED
    assert quota_of(step=step, owner=submission.owner).used == 0


def test_while_the_runner_is_away_nobody_is_told_seconds(
    running: Path, step: Step, enrolment: Enrolment, learner: Person
) -> None:
    submission = program(step, enrolment, TENS)
    pages = [address("hand_in", step), address("submission", step, submission.pk)]
    assert all("順番待ち：1番目" in text_of(signed_in(learner).get(page)) for page in pages)

    RunnerPulse.objects.update(seen_at=timezone.now() - timedelta(minutes=1))
    for page in pages:
        text = text_of(signed_in(learner).get(page))
        assert "順番待ち" not in text
        assert "復旧すると自動的に実行されます" in text


def test_other_numbers_of_a_second_run_are_marked(running: Path, step: Step, enrolment: Enrolment) -> None:
    done = run(program(step, enrolment, TENS))
    kept = done.grading.prediction
    assert kept is not None
    other = Predictions(
        ("forecast",),
        Predictions.from_bytes(
            kept.array.read(), pack=step.case_version.pack(), ids=step.case_version.build().ids
        ).values
        + 1,
    )
    runner.keep(
        Prediction(
            source_digest=kept.source_digest,
            features_digest=kept.features_digest,
            environment_digest=kept.environment_digest,
            array=kept.array.name,
            array_digest=other.digest,
            rows=kept.rows,
        )
    )

    kept.refresh_from_db()
    assert kept.is_deterministic is False


@pytest.mark.django_db(transaction=True)
def test_cancelling_stops_the_run(running: Path, step: Step, enrolment: Enrolment) -> None:
    submission = program(step, enrolment, SLEEPS)
    began = time.monotonic()
    worker = threading.Thread(target=grading.attempt, args=[submission.grading.pk])
    worker.start()
    while Grading.objects.get().state != State.RUNNING:
        time.sleep(0.05)
    time.sleep(0.5)
    cancel(submission=submission)
    worker.join(15)

    assert not worker.is_alive()
    assert time.monotonic() - began < 15
    assert Grading.objects.get().state == State.CANCELLED
