"""The command line: what it prints, what it answers the shell, in both languages."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from campus.cases.models import Step
from campus.people.models import Person, Scope
from campus.submissions.models import Submission
from manabiai import cli
from manabiai.settings import config_path
from tests.campus.api.calls import token_of
from tests.client.conftest import grade_what_waits


@pytest.fixture
def signed_in(live_server: LiveServer, learner: Person, open_step: Step, monkeypatch: pytest.MonkeyPatch) -> str:
    """The shell of the learner; returns the address."""
    monkeypatch.setenv("MANABIAI_URL", live_server.url)
    monkeypatch.setenv("MANABIAI_TOKEN", token_of(learner))
    return live_server.url


@pytest.fixture
def worker(signed_in: str) -> Iterator[None]:
    """Grades what waits, beside the command line."""
    done = threading.Event()

    def work() -> None:
        while not done.wait(0.05):
            grade_what_waits(0)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    done.set()
    thread.join()


def test_login_keeps_what_works(
    live_server: LiveServer, learner: Person, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _prompt: token_of(learner))
    assert cli.main(["login", live_server.url]) == 0
    assert capsys.readouterr().out == f"Saved for Hanako: {config_path()}\n"
    assert cli.main(["scores", "--case", "a/b"]) == 1  # the kept token is used
    assert "no such cohort" in capsys.readouterr().err


def test_login_keeps_no_token_that_is_refused(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], db: None
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "mnb_wrong")
    assert cli.main(["login", live_server.url]) == 1
    assert "token is unknown" in capsys.readouterr().err
    assert not config_path().exists()


def test_from_data_to_score(worker: None, good_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["data", "--folder", str(tmp_path / "data")]) == 0
    assert (tmp_path / "data" / "sample_submission.csv").exists()
    assert cli.main(["check", str(good_file)]) == 0
    assert cli.main(["submit", str(good_file), "--note", "by hand"]) == 0
    assert cli.main(["scores"]) == 0
    assert cli.main(["board"]) == 0
    out = capsys.readouterr().out
    for words in (
        "files saved in",
        "The format is right",
        "Handed in as submission",
        "scored",
        "by hand",
        "Hanako (you)",
    ):
        assert words in out


def test_a_bad_file_ends_with_1_and_the_reasons(
    signed_in: str, bad_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [cli.main(["check", str(bad_file)]), cli.main(["submit", str(bad_file)])] == [1, 1]
    assert capsys.readouterr().err.count("“many” in column “予測”") == 2
    monkeypatch.setenv("MANABIAI_LANGUAGE", "ja")
    assert cli.main(["check", str(bad_file)]) == 1
    assert "「予測」の値「many」" in capsys.readouterr().err
    assert not Submission.objects.exists()


def test_a_reading_token_ends_with_1(
    signed_in: str,
    learner: Person,
    good_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MANABIAI_TOKEN", token_of(learner, Scope.READ))
    assert cli.main(["submit", str(good_file)]) == 1
    assert "scope" in capsys.readouterr().err


def test_not_waiting_returns_at_once(signed_in: str, good_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["submit", str(good_file), "--no-wait"]) == 0
    assert "waiting" in capsys.readouterr().out


def test_the_token_is_no_argument() -> None:
    with pytest.raises(SystemExit):
        cli.main(["login", "https://site.example", "--token", "mnb_x"])
