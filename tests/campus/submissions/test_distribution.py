"""How the scores of a board are spread: bars from the best on, the own one apart; final scores only after the close."""

from datetime import timedelta

import pytest
from django.test import Client

from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.people.models import Person
from campus.submissions.distribution import BARS, edges_of
from tests.campus.cast import reschedule, signed_in
from tests.campus.submissions.files import graded

pytestmark = pytest.mark.django_db
BOARD = "/cohorts/spring/cases/daily-sales/forecast/board/"


def test_bars_begin_with_the_best_and_scores_that_went_astray_share_the_last() -> None:
    assert edges_of([]) == []
    assert edges_of([3.0, 3.0]) == [3.0]
    edges = edges_of([float(one) for one in range(20)] + [1e9])
    assert (len(edges), edges[0], edges[-1] < 20) == (BARS, 0.0, True)


def test_the_own_score_stands_apart_and_is_counted_once(
    open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment, learner: Person, organiser: Person
) -> None:
    graded(open_step, enrolment, value=5.0)
    graded(open_step, mate_enrolment, value=500.0)
    figures = signed_in(learner).get(f"{BOARD}spread.json").json()
    others, own = (one["values"] for one in figures["series"])
    assert (others[0], others[-1], own[0], sum(own)) == (0, 1, 1, 1)
    assert "50%" in figures["summary"]
    assert len(figures["labels"]) == len(own) == BARS
    assert [one["name"] for one in signed_in(organiser).get(f"{BOARD}spread.json").json()["series"]] == ["その他"]


def test_final_scores_show_after_the_close_and_nothing_to_strangers(
    open_step: Step, enrolment: Enrolment, learner: Person, outsider: Person, client: Client
) -> None:
    graded(open_step, enrolment)
    final = f"{BOARD}final/spread.json"
    assert signed_in(learner).get(final).status_code == 404
    reschedule(open_step, opens=timedelta(days=-3), closes=timedelta(days=-1))
    assert len(signed_in(learner).get(final).json()["labels"]) == 1
    assert signed_in(outsider).get(final).status_code == 404
    assert client.get(final).status_code == 302
