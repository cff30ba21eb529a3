"""The rubric of a step and its form, which peers and mentors share."""

from dataclasses import replace

import pytest

from campus.reviews.results import NARROW, WIDE, Line
from campus.reviews.rubrics import LONGEST_COMMENT, ReviewForm, initial_of, rubric_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rubric(judged):
    return rubric_of(judged)


def test_only_criteria_of_the_step_judge_it_and_points_become_shares(rubric, review_step):
    (impact,) = rubric

    assert (impact.key, impact.least, impact.most) == ("impact", 1, 3)
    assert [impact.share(points) for points in (1, 2, 3)] == [0, 0.5, 1]
    assert impact.points(0.5) == 2
    assert not rubric_of(review_step)


def test_a_form_names_what_is_missing_and_keeps_what_was_typed(rubric):
    form = ReviewForm({"mark-impact": "2", "comment-impact": "短い", "advice": ""}, rubric=rubric)

    assert set(form.errors) == {"mark-impact", "comment-impact", "advice"}
    assert form.typed() == ({}, {"impact": "短い"})


def test_a_draft_is_cut_to_what_is_kept_and_comes_back(rubric):
    form = ReviewForm({"mark-impact": "3", "comment-impact": "あ" * 3000}, rubric=rubric)

    marks, comments = form.typed()
    again = ReviewForm(initial=initial_of(marks, comments, "助言"), rubric=rubric)

    assert (marks, len(comments["impact"])) == ({"impact": 3}, LONGEST_COMMENT)
    assert (again["mark-impact"].value(), again["advice"].value()) == (3, "助言")


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("width", "words"),
    [(NARROW, "agree well"), ((NARROW + WIDE) / 2, "roughly agree"), (WIDE + 0.01, "differ a lot")],
)
def test_a_range_is_said_in_words(width, words):
    line = Line("Impact", 2.0, 1.5, 2.5, 2.1, least=1, most=3, count=3, width=width)

    assert words in line.words
    assert "only one review" in replace(line, count=1).words
    assert line.at(2.0) == 0.5
