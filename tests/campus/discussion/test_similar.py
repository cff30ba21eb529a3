"""While a title is typed, threads with titles like it are shown, if the person may read them."""

import pytest

from campus.cohorts.models import Cohort
from campus.discussion import moderation
from campus.discussion.actions import accept_answer
from campus.discussion.models import Place
from campus.discussion.search.similar import MOST, similar_threads
from campus.people.models import Person
from tests.campus.cast import signed_in
from tests.campus.discussion.conftest import ask, say

pytestmark = pytest.mark.django_db
SIMILAR = "/cohorts/spring/discussion/similar/"


def titles(person: Person, cohort: Cohort, typed: str) -> list[str]:
    return [one.thread.title for one in similar_threads(person, cohort, typed)]


def test_the_likest_title_comes_first_and_others_not_at_all(place: Place, learner: Person, cohort: Cohort) -> None:
    for title in ("発注量の決め方", "欠品した日の需要をどう見積もるか", "欠品の記録はどこですか", "自己紹介"):
        ask(place, learner, title=title)
    assert titles(learner, cohort, "欠品の日の需要の見積もり") == [
        "欠品した日の需要をどう見積もるか",
        "欠品の記録はどこですか",
    ]


@pytest.mark.parametrize("typed", ["", "の", "どうしたらいいですか", "！？", "'\\:*|&"])
def test_what_says_nothing_finds_nothing(place: Place, learner: Person, cohort: Cohort, typed: str) -> None:
    ask(place, learner, title="どうしたらいいですか！？'\\:*|&")
    assert titles(learner, cohort, typed) == []


def test_answered_ones_come_before_equal_ones(place: Place, learner: Person, mate: Person, cohort: Cohort) -> None:
    first, second = ask(place, learner, title="WAPEの計算"), ask(place, learner, title="wapeの計算")
    accept_answer(thread=first, post=say(first, mate))
    assert [one.thread for one in similar_threads(mate, cohort, "ＷＡＰＥの計算")] == [first, second]


def test_there_are_never_too_many(
    place: Place, learner: Person, mate: Person, stranger: Person, cohort: Cohort
) -> None:
    for person in (learner, mate, stranger):
        for _ in range(3):
            ask(place, person, title="提出の期限")
    assert len(titles(learner, cohort, "提出の期限")) == MOST


def test_what_one_may_not_read_is_not_shown(
    places: dict[str, Place], learner: Person, stranger: Person, organiser: Person, outsider: Person, cohort: Cohort
) -> None:
    ask(places["team"], learner, title="提出の期限")
    hidden = ask(places["cohort"], learner, title="提出の期限")
    moderation.set_hidden(thread=hidden, is_hidden=True, actor=organiser)
    assert titles(learner, cohort, "提出の期限") == ["提出の期限"]
    assert titles(stranger, cohort, "提出の期限") == []
    assert titles(outsider, cohort, "提出の期限") == []
    assert signed_in(outsider).get(SIMILAR, {"title": "提出の期限"}).status_code == 404


def test_the_part_of_the_page_has_links_and_is_empty_where_there_is_nothing(
    place: Place, learner: Person, mate: Person
) -> None:
    thread = ask(place, learner, title="提出の期限")
    client = signed_in(mate)
    assert thread.path in client.get(SIMILAR, {"title": "提出期限"}).content.decode()
    assert client.get(SIMILAR, {"title": "別の話題"}).content.decode().strip() == ""
