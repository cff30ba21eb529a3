"""A learner's way from a notebook: data, check, submit, scores, board; and what others are refused."""

import hashlib
import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from sklearn.linear_model import LinearRegression

import manabiai
from campus.cases.actions import adopt_case
from campus.cases.models import CohortCase, Step
from campus.people.models import Person, PersonalToken, Scope
from campus.people.tokens import revoke_token
from campus.submissions.models import Submission
from grader.contract import Kind
from manabiai import ApiError, Checked, DownloadFailed, FormatError, ManabiaiError, SettingsError, Site
from manabiai.checking import Checker
from tests.campus.api.calls import token_of
from tests.campus.cast import enrol, reschedule
from tests.campus.submissions.files import csv_file

CASE = "spring/daily-sales"


def test_data_are_fetched_once_and_checked(site: Site, open_step: Step, caplog: pytest.LogCaptureFixture) -> None:
    data = site.data(CASE)
    build = open_step.case_version.build()
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in data.items()} == dict(
        build.public_files
    )
    assert list(data.read("test.csv").columns) == ["id", "日", "商品"]
    with caplog.at_level(logging.INFO, logger="httpx"):
        assert site.data(CASE) == data
    assert not [record for record in caplog.records if "/data/" in record.getMessage()]


def test_a_spoilt_file_is_fetched_again(site: Site) -> None:
    path = site.data()["train.csv"]
    right = path.read_bytes()
    path.write_bytes(b"spoilt")
    assert site.data()["train.csv"].read_bytes() == right


def test_a_file_that_arrives_otherwise_is_not_kept(site: Site, open_step: Step, tmp_path: Path) -> None:
    public = open_step.case_version.path / "build" / "public" / "train.csv"
    right = public.read_bytes()
    try:
        public.write_bytes(right + b" ")
        with pytest.raises(DownloadFailed, match=r"train\.csv"):
            site.data(folder=tmp_path / "data")
    finally:
        public.write_bytes(right)
    assert list((tmp_path / "data").iterdir()) == []


def test_a_format_error_is_found_before_anything_is_sent(site: Site, bad_file: Path) -> None:
    with pytest.raises(FormatError, match=r"Row 1 .*many") as refused:
        site.check(bad_file)
    assert len(refused.value.problems) == 1
    with pytest.raises(FormatError):
        site.submit(bad_file)
    assert not Submission.objects.exists()


def test_client_and_site_find_the_same_problems(
    site: Site, open_step: Step, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(b"id,\xe4\xba\x88\xe6\xb8\xac\nA1,-1\nA1,x\n")
    with pytest.raises(FormatError) as here:
        site.submit(path)
    monkeypatch.setattr(Checker, "check", lambda *_args: Checked(Kind.PREDICTIONS, None, [], ""))
    with pytest.raises(FormatError) as there:
        site.submit(path)
    assert here.value.problems == there.value.problems


def test_a_frame_is_handed_in_and_its_score_awaited(site: Site, open_step: Step) -> None:
    frame = pd.DataFrame({"id": open_step.case_version.build().ids.values, "予測": 10.0})
    assert site.check(frame).rows == len(frame)
    submission = site.submit(frame, note="from a frame")
    assert (submission.is_scored, submission.private, submission.note) == (True, None, "from a frame")
    assert submission.public is not None
    assert set(submission.public) == {"mae", "wape", "saving_yen"}
    assert f"MAE: {submission.public['mae']:.2f} units" in str(submission)
    indexed = site.submit(frame.set_index("id"))
    assert indexed.public == submission.public


def test_not_waiting_gives_the_submission_as_it_is(site: Site, good_file: Path) -> None:
    submission = site.submit(good_file, wait=False)
    assert (submission.state, submission.public) == ("queued", None)
    assert site.wait_for(submission).is_scored


def test_waiting_ends(live_server: LiveServer, learner: Person, good_file: Path) -> None:
    with pytest.raises(ManabiaiError, match="still being graded"):
        Site(live_server.url, token_of(learner), sleep=lambda _seconds: None).submit(good_file, timeout=3)


def test_scores_and_board_show_what_the_site_shows(
    site: Site, site_of: Callable[..., Site], mate: Person, good_file: Path, open_step: Step, tmp_path: Path
) -> None:
    assert str(site.scores()) == "Nothing has been handed in yet."
    mine = site.submit(good_file, note="mine")
    worse = tmp_path / "worse.csv"
    worse.write_bytes(csv_file(open_step, value=900))
    site_of(mate).submit(worse)

    scores = site.scores()
    assert [one.id for one in scores] == [mine.id]
    assert list(scores.frame()["mae"]) == [mine.public["mae"]]  # type: ignore[index]
    assert "mine" in str(scores)
    board = site.board()
    assert [(row["place"], row["name"]) for row in board.rows] == [(1, "Hanako"), (2, "Taro")]
    assert list(board.frame()["name"]) == ["Hanako", "Taro"]
    assert "Hanako (you)" in str(board)
    assert "Mean of the past (baseline)" in str(board)


def test_final_scores_come_with_the_close(site: Site, good_file: Path, open_step: Step) -> None:
    number = site.submit(good_file).id
    with pytest.raises(ApiError, match="final leaderboard") as hidden:
        site.board(final=True)
    assert (hidden.value.status, hidden.value.code) == (403, "final_board_hidden")
    Submission.objects.update(created_at=timezone.now() - timedelta(days=1))
    reschedule(open_step, opens=timedelta(days=-3), closes=timedelta(seconds=-1))
    assert site.board(final=True).split == "private"
    (scored,) = site.scores()
    assert (scored.id, scored.private is not None) == (number, True)
    assert "private_mae" in site.scores().frame()
    assert "(final)" in str(site.scores())


def test_the_daily_limit_is_told(site: Site, open_step: Step, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    for value in range(4):
        path.write_bytes(csv_file(open_step, value=value))
        if value < 3:
            site.submit(path)
    with pytest.raises(ApiError, match="limit of 3 submissions") as limited:
        site.submit(path)
    assert limited.value.status == 429


def test_a_reading_token_submits_nothing(site_of: Callable[..., Site], learner: Person, good_file: Path) -> None:
    with pytest.raises(ApiError, match="scope") as refused:
        site_of(learner, Scope.READ).submit(good_file)
    assert (refused.value.status, refused.value.code) == (403, "scope_missing")
    assert not Submission.objects.exists()


def test_a_revoked_token_and_a_locked_out_person_get_nothing(site: Site, learner: Person) -> None:
    revoke_token(token=PersonalToken.objects.get(person=learner))
    with pytest.raises(ApiError) as refused:
        site.scores()
    assert refused.value.status == 401


def test_for_outsiders_the_case_does_not_exist(site_of: Callable[..., Site], outsider: Person, good_file: Path) -> None:
    elsewhere = site_of(outsider)
    for use in (elsewhere.data, elsewhere.scores, elsewhere.board, lambda case: elsewhere.submit(good_file, case)):
        with pytest.raises(ApiError) as refused:
            use(CASE)
        assert (refused.value.status, refused.value.code) == (404, "cohort_not_found")
    with pytest.raises(SettingsError, match="don’t have a case"):
        elsewhere.scores()


def test_among_several_cases_one_must_be_named(
    site: Site, learner: Person, other_cohort: object, cohort_case: CohortCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(learner, other_cohort)  # type: ignore[arg-type]
    adopt_case(cohort=other_cohort, case_version=cohort_case.case_version, starts_at=timezone.now(), actor=None)  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match=r"autumn/daily-sales, spring/daily-sales|spring/daily-sales, autumn"):
        site.scores()
    monkeypatch.setenv("MANABIAI_CASE", CASE)
    assert site.scores() == []


@pytest.mark.parametrize("place", ["spring", "a/b/c/d", "../me", "spring/../x", "spring/daily-sales/problem"])
def test_odd_places_are_refused_in_words(site: Site, place: str) -> None:
    with pytest.raises(SettingsError, match=r"cohort/case|no auto-graded step"):
        site.scores(place)


@pytest.mark.parametrize("work", [3, b"id,x", LinearRegression])
def test_odd_work_is_refused_in_words(site: Site, work: object) -> None:
    with pytest.raises(ManabiaiError, match=r"path of a file .* a pandas DataFrame or a fitted"):
        site.submit(work)  # type: ignore[arg-type]


def test_a_missing_file_is_told(site: Site) -> None:
    with pytest.raises(ManabiaiError, match=r"nowhere\.csv can’t be opened"):
        site.submit("nowhere.csv")


def test_the_site_answers_in_the_clients_language(
    site_of: Callable[..., Site], learner: Person, bad_file: Path
) -> None:
    with pytest.raises(FormatError, match="1行目"):
        site_of(learner, language="ja").submit(bad_file)
    with pytest.raises(ApiError, match="開催期"):
        site_of(learner, language="ja").scores("nowhere/nothing")


def test_a_notebook_needs_only_the_module(
    live_server: LiveServer, learner: Person, good_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MANABIAI_URL", live_server.url)
    monkeypatch.setenv("MANABIAI_TOKEN", token_of(learner))
    assert "sample_submission.csv" in manabiai.data()
    assert manabiai.check(good_file).rows > 0
    submission = manabiai.submit(good_file, wait=False)
    assert [one.id for one in manabiai.scores()] == [submission.id]
    assert manabiai.board().total == 0
