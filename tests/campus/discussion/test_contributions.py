"""The record of what somebody gave: thanked and accepted posts by step."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campus.cases.models import Step
from campus.cohorts.models import Cohort
from campus.discussion import moderation
from campus.discussion.actions import accept_answer, delete_post, set_thanks
from campus.discussion.contributions import by_skill, contributions_of, helped_in
from campus.discussion.models import Place
from campus.people.models import Person
from tests.campus.cast import signed_in
from tests.campus.discussion.conftest import ask, say

pytestmark = pytest.mark.django_db
PAGE = "/cohorts/spring/discussion/contribution/"
PROFILE = "/account/contributions/"


def figures(person: Person, cohort: Cohort) -> list[tuple[str | None, int, int, int]]:
    return [
        (one.step.key if one.step else None, one.posts, one.thanks, one.accepted)
        for one in contributions_of(person, cohort)
    ]


def test_thanked_and_accepted_posts_count_by_step_and_mere_posts_do_not(
    places: dict[str, Place], learner: Person, mate: Person, organiser: Person, open_step: Step, cohort: Cohort
) -> None:
    about_step, elsewhere = ask(places["step"], learner), ask(places["class"], learner)
    both = say(about_step, mate)
    for thanker in (learner, organiser):
        set_thanks(post=both, person=thanker, is_thankful=True)
    accept_answer(thread=about_step, post=both)
    set_thanks(post=say(ask(places["submission"], learner), mate), person=learner, is_thankful=True)
    accept_answer(thread=elsewhere, post=say(elsewhere, mate))
    for _ in range(3):
        say(elsewhere, mate, "そうですね。")

    assert figures(mate, cohort) == [(open_step.key, 2, 3, 1), (None, 1, 0, 1)]
    assert figures(learner, cohort) == []
    assert helped_in(cohort, [learner.pk, mate.pk]) == {mate.pk: 3}


def test_a_post_counts_for_the_skills_of_its_step(
    places: dict[str, Place], learner: Person, mate: Person, cohort: Cohort
) -> None:
    for place in ("step", "submission", "class"):
        set_thanks(post=say(ask(places[place], learner), mate), person=learner, is_thankful=True)
    (skill,) = by_skill(contributions_of(mate, cohort))
    assert (skill.label["en"], skill.posts, skill.thanks, skill.accepted) == ("Time-series forecasting", 2, 2, 0)
    assert "時系列予測" in signed_in(mate).get(PAGE).content.decode()


def test_what_was_removed_counts_no_more(
    places: dict[str, Place], learner: Person, mate: Person, organiser: Person, cohort: Cohort
) -> None:
    posts = [say(ask(places["cohort"], learner), mate) for _ in range(3)]
    for post in posts:
        set_thanks(post=post, person=learner, is_thankful=True)
    delete_post(post=posts[0])
    moderation.hide_post(post=posts[1], actor=organiser)
    moderation.set_hidden(thread=posts[2].thread, is_hidden=True, actor=organiser)
    assert figures(mate, cohort) == []
    assert helped_in(cohort, [mate.pk]) == {}


def test_the_page_is_ones_own_and_shows_nothing_of_others(
    place: Place, learner: Person, mate: Person, outsider: Person
) -> None:
    post = say(ask(place, learner, title="外れ値"), mate)
    set_thanks(post=post, person=learner, is_thankful=True)
    assert post.path in signed_in(mate).get(PAGE).content.decode()
    assert post.path not in signed_in(learner).get(PAGE).content.decode()
    assert signed_in(outsider).get(PAGE).status_code == 404


def test_the_profile_shows_those_of_all_cohorts_and_the_desk_a_learners(
    places: dict[str, Place],
    learner: Person,
    mate: Person,
    facilitator: Person,
    outsider: Person,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    thread = ask(places["step"], learner)
    set_thanks(post=say(thread, mate), person=learner, is_thankful=True)
    client = signed_in(mate)
    client.get(PROFILE)
    with django_assert_max_num_queries(16):
        shown = client.get(PROFILE).content.decode()
    assert "開催期 spring" in shown
    assert "時系列予測" in shown
    for other in (learner, outsider):
        assert "開催期 spring" not in signed_in(other).get(PROFILE).content.decode()
    assert Client().get(PROFILE)["Location"].startswith("/accounts/login/")
    desk = f"/cohorts/spring/desk/people/{mate.enrolments.get().pk}/"
    assert "時系列予測" in signed_in(facilitator).get(desk).content.decode()


def test_many_posts_cost_no_more_queries(
    place: Place, learner: Person, mate: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(mate)
    client.get(PAGE)
    for _ in range(5):
        set_thanks(post=say(ask(place, learner), mate), person=learner, is_thankful=True)
    with django_assert_max_num_queries(16):
        client.get(PAGE)
