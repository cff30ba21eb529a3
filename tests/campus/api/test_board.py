"""The leaderboard in the API: who stands where, and what stays hidden until the close."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.people.models import Person
from campus.submissions.models import Submission
from tests.campus.api.calls import as_person, path_of, problem
from tests.campus.cast import enrol, make_person, reschedule
from tests.campus.submissions.files import graded

pytestmark = pytest.mark.django_db


@pytest.fixture
def rivals(open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment) -> Step:
    """The learner and her mate, both scored."""
    graded(open_step, enrolment, value=10)
    graded(open_step, mate_enrolment, value=900)
    return open_step


def test_places_own_place_and_baselines(learner_api: Client, rivals: Step) -> None:
    told = learner_api.get(path_of(rivals, "/leaderboard")).json()
    assert [(row["place"], row["name"], row["is_own"], row["submissions"]) for row in told["items"]] == [
        (1, "Hanako", True, 1),
        (2, "Taro", False, 1),
    ]
    assert told["own"] == told["items"][0]
    assert (told["split"], told["primary"], told["total"], told["page"], told["pages"]) == ("public", "mae", 2, 1, 1)
    assert [row["label"]["en"] for row in told["baselines"]] == ["Mean of the past", "Nothing sells"]
    assert set(told["items"][0]["values"]) == {"mae", "wape", "saving_yen"}


def test_the_own_place_is_told_on_every_page(learner_api: Client, rivals: Step) -> None:
    told = learner_api.get(path_of(rivals, "/leaderboard?per_page=1&page=2")).json()
    assert [row["name"] for row in told["items"]] == ["Taro"]
    assert told["own"]["place"] == 1


def test_a_chosen_nickname_hides_the_name(
    learner_api: Client, mate: Person, enrolment: Enrolment, rivals: Step
) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(uses_alias=True)
    told = as_person(mate).get(path_of(rivals, "/leaderboard"))
    assert told.json()["items"][0]["name"] == "ハナ"
    assert "Hanako" not in told.content.decode()


def test_staff_see_the_board_and_have_no_place(mentor: Person, rivals: Step) -> None:
    told = as_person(mentor).get(path_of(rivals, "/leaderboard")).json()
    assert (told["total"], told["own"]) == (2, None)


def test_the_final_board_opens_with_the_close(learner_api: Client, rivals: Step) -> None:
    path = path_of(rivals, "/leaderboard?split=private")
    before = learner_api.get(path)
    assert (before.status_code, problem(before)["code"]) == (403, "final_board_hidden")
    Submission.objects.update(created_at=timezone.now() - timedelta(hours=1))
    reschedule(rivals, opens=timedelta(days=-2), closes=timedelta(seconds=-1))
    told = learner_api.get(path).json()
    assert [(row["place"], row["name"]) for row in told["items"]] == [(1, "Hanako"), (2, "Taro")]
    assert told["items"][0]["values"] != learner_api.get(path_of(rivals, "/leaderboard")).json()["items"][0]["values"]


def test_for_outsiders_there_is_no_board(outsider_api: Client, rivals: Step) -> None:
    for split in ("public", "private"):
        answer = outsider_api.get(path_of(rivals, f"/leaderboard?split={split}"))
        assert problem(answer)["code"] == "cohort_not_found"


@pytest.mark.parametrize("query", ["split=other", "page=0", "page=x", "per_page=101", "page=99999999999999999999"])
def test_wrong_parameters_are_named(learner_api: Client, open_step: Step, query: str) -> None:
    answer = learner_api.get(path_of(open_step, f"/leaderboard?{query}"))
    assert answer.status_code == 422
    assert problem(answer)["errors"][0]["column"] == query.split("=")[0]


def test_a_long_board_costs_no_more_queries(
    learner_api: Client, rivals: Step, django_assert_max_num_queries: object
) -> None:
    for number in range(8):
        graded(rivals, enrol(make_person(f"P{number}"), rivals.cohort), value=20 + number)
    with django_assert_max_num_queries(17):  # type: ignore[operator]
        assert learner_api.get(path_of(rivals, "/leaderboard")).json()["total"] == 10
