"""Every page, wide and narrow: no barrier by axe-core (WCAG 2.2 A and AA), no error, nothing sticking out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import answers
from tests.browser.launching import SIZES
from tests.browser.pages import ANONYMOUS, OWN, Place
from tests.browser.scene import Scene
from tests.browser.test_main_job import score_comes_without_reloading
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.usefixtures("has_axe")


def flaws_of(visitor: Visitor, pages: dict[str, str]) -> dict[str, list[str]]:
    """What is wrong with each page at each width; nothing is left out where all is well."""
    found = {}
    for name, path in pages.items():
        for size, viewport in SIZES.items():
            visitor.page.set_viewport_size(viewport)
            visitor.open(path)
            visitor.page.wait_for_load_state("networkidle")
            if flaws := [*visitor.flaws(), *language_left_over(visitor)]:
                found[f"{name}, {size}"] = flaws
    return found


def language_left_over(visitor: Visitor) -> list[str]:
    """A page must say which language it is in."""
    shown = visitor.page.locator("html").get_attribute("lang")
    return [] if shown == visitor.language else [f"in {shown}"]


def test_pages_for_everybody(visitor: Visitor) -> None:
    assert flaws_of(visitor, ANONYMOUS) == {}


def test_pages_of_a_learner(learner: Visitor, scene: Scene) -> None:
    learner.open(scene.path("submit/"))
    score_comes_without_reloading(learner, answers.good(scene), answers.GOOD_COST)
    pages = Place(scene.cohort, scene.case, scene.step).learner_pages()
    pages["submission"] = learner.page.locator("#history tbody a").first.get_attribute("href") or ""
    assert flaws_of(learner, OWN | pages) == {}


def test_a_refused_file_and_an_open_menu(learner: Visitor, scene: Scene) -> None:
    learner.expect_status(422)
    page = learner.open(scene.path("submit/"))
    bad = answers.good(scene)
    for row in range(1, 41):
        bad = answers.with_value(bad, "NaN", row=row)
    learner.hand_in("bad.csv", bad)
    expect(page.locator("#feedback .problems")).to_be_visible()
    page.locator(".account-menu summary").click()
    for viewport in SIZES.values():
        page.set_viewport_size(viewport)
        assert learner.flaws() == []


def test_pages_after_the_close(learner: Visitor, scene: Scene, stagehand) -> None:
    learner.open(scene.path("submit/"))
    score_comes_without_reloading(learner, answers.good(scene), answers.GOOD_COST)
    stagehand.close_step(scene)
    place = Place(scene.cohort, scene.case, scene.step)
    pages = {"hand-in": scene.path("submit/"), "final board": place.final_board()}
    assert flaws_of(learner, pages) == {}


@pytest.mark.parametrize("part", ["facilitator", "mentor", "organiser"])
def test_pages_of_staff(visit: Callable[..., Visitor], scene: Scene, part: str) -> None:
    visitor = visit().signed_in(scene.people[part])
    place = Place(scene.cohort, scene.case, scene.step)
    pages = {"home": "/"} | {name: place.cohort_pages()[name] for name in ("cohort", "hand-in")}
    if part == "organiser":
        pages |= place.organiser_pages()
    assert flaws_of(visitor, pages) == {}


@pytest.mark.parametrize("part", ["facilitator", "organiser"])
def test_pages_of_those_who_look_after_learners(visit: Callable[..., Visitor], scene: Scene, part: str) -> None:
    visitor = visit().signed_in(scene.people[part])
    pages = Place(scene.cohort, scene.case, scene.step).desk_pages()
    visitor.open(pages["progress"])
    pages["one learner"] = visitor.page.locator("tbody th a").first.get_attribute("href") or ""
    assert flaws_of(visitor, pages) == {}


def test_pages_of_who_was_chosen(visit: Callable[..., Visitor], scene: Scene) -> None:
    visitor = visit().signed_in(scene.people["newcomer"])
    assert flaws_of(visitor, Place(scene.cohort, scene.case, scene.step).newcomer_pages()) == {}
    for name in ("terms", "privacy", "follow_up"):
        visitor.page.locator(f"input[name={name}]").check()
    visitor.button("Take part").click()
    expect(visitor.heading("A few words about you")).to_be_visible()
    assert visitor.flaws() == []


def test_the_page_that_does_not_exist(visitor: Visitor) -> None:
    for viewport in SIZES.values():
        visitor.page.set_viewport_size(viewport)
        visitor.open("/nowhere/", status=404)
        assert visitor.flaws() == []
