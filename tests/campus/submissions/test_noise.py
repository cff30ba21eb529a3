"""Bands and near-ties on the board: worked out for what stands there, and shown to whoever reads it."""

import re
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.people.models import Person
from campus.submissions import noise
from campus.submissions.actions import Upload, hand_in
from campus.submissions.grading import attempt
from campus.submissions.models import Noise, Score, Submission
from tests.campus.api.calls import as_person, path_of
from tests.campus.cast import reschedule, signed_in
from tests.campus.submissions.files import graded
from tests.campus.submissions.pages import address, text_of

pytestmark = pytest.mark.django_db


def near_by(step: Step, enrolment: Enrolment, *, value: float, wobble: float) -> Submission:
    """Like ``graded``, with values that go up and down by turns."""
    ids = list(step.case_version.build().ids.values)
    lines = [f"{one},{value + wobble * (-1) ** number}" for number, one in enumerate(ids)]
    content = "\n".join(["id,予測", *lines, ""]).encode()
    submission = hand_in(step=step, enrolment=enrolment, upload=Upload("near.csv", content))
    attempt(submission.grading.pk)
    return Submission.objects.with_result().get(pk=submission.pk)


@pytest.fixture
def near(open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment) -> list[Submission]:
    """Two that differ by luck only: the learner's is a little better."""
    made = [graded(open_step, enrolment, value=9.0), near_by(open_step, mate_enrolment, value=9.0, wobble=0.6)]
    noise.work_out(open_step)
    return sorted(made, key=lambda one: one.pk)


def board_of(step: Step, person: Person, **query: Any) -> dict[str, Any]:
    told: dict[str, Any] = as_person(person).get(path_of(step, "/leaderboard"), query).json()
    return told


def test_only_what_places_go_by_is_looked_at_and_each_score_once(open_step: Step, enrolment: Enrolment) -> None:
    worse, best = graded(open_step, enrolment, value=90.0), graded(open_step, enrolment, value=9.0)

    noise.work_out(open_step)
    noise.work_out(open_step)

    looked_at = set(Noise.objects.values_list("score__prediction", "score__split"))
    assert (best.grading.prediction_id, "public") in looked_at
    assert (worse.grading.prediction_id, "public") not in looked_at


def test_the_band_is_about_the_score(near: list[Submission], open_step: Step, learner: Person) -> None:
    for row in board_of(open_step, learner)["items"]:
        assert row["band"]["low"] <= row["values"]["mae"] <= row["band"]["high"]
        assert row["band"]["low"] < row["band"]["high"]


def test_a_near_tie_is_marked_below_and_nobody_stands_above_the_first(
    near: list[Submission], open_step: Step, learner: Person
) -> None:
    assert [row["is_near_tie"] for row in board_of(open_step, learner)["items"]] == [False, True]


def test_a_clear_lead_is_no_near_tie(
    open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment, learner: Person
) -> None:
    graded(open_step, enrolment, value=9.0)
    graded(open_step, mate_enrolment, value=300.0)
    noise.work_out(open_step)

    assert [row["is_near_tie"] for row in board_of(open_step, learner)["items"]] == [False, False]
    assert not re.search(r"chip[^>]*>僅差<", signed_in(learner).get(address("board", open_step)).content.decode())


def test_a_line_is_compared_with_the_last_one_of_the_page_before(
    near: list[Submission], open_step: Step, learner: Person
) -> None:
    (row,) = board_of(open_step, learner, page=2, per_page=1)["items"]

    assert (row["place"], row["is_near_tie"]) == (2, True)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", ["僅差", "1位から2位までの人とは、どちらが上とは言い切れません", "〜"]),
        ("en", ["Near tie", "better or worse than places 1 to 2", " to "]),
    ],
)
def test_the_page_says_so_in_words(
    near: list[Submission], open_step: Step, learner: Person, language: str, words: list[str]
) -> None:
    learner.language = language
    learner.save()

    answer = signed_in(learner).get(address("board", open_step))
    page = text_of(answer)

    assert re.search(rf"chip[^>]*>{words[0]}<", answer.content.decode())
    assert [word for word in words if word not in page] == []


def test_before_it_is_worked_out_the_board_is_as_it_was(
    open_step: Step, enrolment: Enrolment, learner: Person, browser: Client
) -> None:
    graded(open_step, enrolment, value=9.0)

    (row,) = board_of(open_step, learner)["items"]
    assert (row["band"], row["is_near_tie"]) == (None, False)
    assert "僅差" not in text_of(browser.get(address("board", open_step)))


def test_the_final_board_has_bands_of_its_own_half(near: list[Submission], open_step: Step, learner: Person) -> None:
    public = [row["band"] for row in board_of(open_step, learner)["items"]]
    closed = reschedule(open_step, opens=timedelta(days=-9), closes=timedelta(seconds=-1))

    final = [row["band"] for row in board_of(closed, learner, split="private")["items"]]

    assert None not in final
    assert final != public


def test_a_score_asks_for_one_job_however_many_come(
    open_step: Step, enrolment: Enrolment, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        graded(open_step, enrolment, value=9.0)
        graded(open_step, enrolment, value=8.0)

    job = ProcrastinateJob.objects.get(task_name="submissions.noise")
    assert (job.args, job.priority) == ({"step_id": open_step.pk}, noise.PRIORITY)


def test_what_a_lost_job_left_behind_is_found(open_step: Step, enrolment: Enrolment) -> None:
    graded(open_step, enrolment, value=9.0)
    assert noise.owing_steps() == [open_step.pk]

    noise.work_out(open_step)

    assert noise.owing_steps() == []


def test_a_lost_file_leaves_the_score_without_a_band(open_step: Step, enrolment: Enrolment, learner: Person) -> None:
    submission = graded(open_step, enrolment, value=9.0)
    prediction = submission.grading.prediction
    assert prediction is not None
    prediction.array.save("lost.npy", ContentFile(b"no array"))

    noise.work_out(open_step)

    assert Noise.objects.filter(low=None).count() == Score.objects.count() == 2
    assert board_of(open_step, learner)["items"][0]["band"] is None
    assert noise.owing_steps() == []


def test_a_board_of_many_asks_no_more(near: list[Submission], open_step: Step, learner: Person) -> None:
    browser = signed_in(learner)
    browser.get(address("board", open_step))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        browser.get(address("board", open_step))

    assert sum("submissions_noise" in one["sql"] for one in asked) == 2
    assert np.frombuffer(Noise.objects.filter(low__isnull=False)[0].draws, dtype="<f4").shape == (200,)
