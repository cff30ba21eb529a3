"""Every page, wide and narrow: no barrier by axe-core (WCAG 2.2 A and AA), no error, nothing sticking out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser import answers
from tests.browser.launching import SIZES
from tests.browser.pages import ANONYMOUS, OPERATOR, OWN, Behind, Place
from tests.browser.scene import Scene, Stagehand
from tests.browser.test_main_job import score_comes_without_reloading
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.usefixtures("has_axe")


def flaws_of(visitor: Visitor, pages: dict[str, str]) -> dict[str, list[str]]:
    """What is wrong with each page at each width; nothing is left out where all is well."""
    found = {}
    for name, path in pages.items():
        visitor.open(path)
        visitor.page.wait_for_load_state("networkidle")
        for size, viewport in SIZES.items():
            visitor.page.set_viewport_size(viewport)
            if flaws := [*visitor.flaws(), *language_left_over(visitor)]:
                found[f"{name}, {size}"] = flaws
    return found


def behind(visitor: Visitor, pages: dict[str, Behind]) -> dict[str, str]:
    """The addresses of pages with a number, found as a reader finds them."""
    found = {}
    for name, one in pages.items():
        visitor.open(one.page)
        found[name] = (visitor.page.locator(one.link).first.get_attribute("href") or "") + one.further
    return found


@pytest.fixture
def furnished(scene: Scene, stagehand: Stagehand) -> Scene:
    """The scene with something on each page."""
    return stagehand.furnish(scene)


def place_of(scene: Scene) -> Place:
    return Place(scene.cohort, scene.case, scene.step)


def language_left_over(visitor: Visitor) -> list[str]:
    """A page must say which language it is in."""
    shown = visitor.page.locator("html").get_attribute("lang")
    return [] if shown == visitor.language else [f"in {shown}"]


def test_pages_for_everybody(visitor: Visitor) -> None:
    assert flaws_of(visitor, ANONYMOUS) == {}


def test_pages_of_a_learner(learner: Visitor, furnished: Scene) -> None:
    learner.open(furnished.path("submit/"))
    score_comes_without_reloading(learner, answers.good(furnished), answers.GOOD_COST)
    place = place_of(furnished)
    submission = {"submission": learner.page.locator("#history tbody a").first.get_attribute("href") or ""}
    pages = place.learner_pages() | submission | behind(learner, place.behind_cohort_pages() | place.behind_reviews())
    assert flaws_of(learner, OWN | pages) == {}


def test_the_choice_of_cases(visit: Callable[..., Visitor], furnished: Scene) -> None:
    outsider = visit().signed_in(furnished.people["outsider"])
    place = Place(furnished.choice, furnished.case, furnished.step)
    assert flaws_of(outsider, {"home": "/", "choice": place.choice_of_cases()}) == {}


@pytest.mark.parametrize("language", ["ja"])  # The same pages as an organiser's, only empty.
def test_a_copied_cohort_in_which_nobody_is_yet(visit: Callable[..., Visitor], furnished: Scene) -> None:
    organiser = visit().signed_in(furnished.people["organiser"])
    place = Place(furnished.copy, furnished.case, furnished.step)
    pages = place.desk_pages() | place.organiser_pages() | place.selection_pages()
    pages["consents-version"] = f"/cohorts/{furnished.copy}/desk/consents/draft/"
    assert flaws_of(organiser, {"cohort": place.cohort_pages()["cohort"]} | pages) == {}


def test_pages_of_an_applicant(visit: Callable[..., Visitor], visitor: Visitor, furnished: Scene) -> None:
    pages = place_of(furnished).applicant_pages()
    assert flaws_of(visitor, {"apply": pages["apply"]}) == {}
    applicant = visit().signed_in(furnished.people["applicant"])
    assert flaws_of(applicant, {"home": "/"} | pages) == {}


def test_pages_of_an_operator(visit: Callable[..., Visitor], furnished: Scene) -> None:
    operator = visit().signed_in(furnished.people["operator"])
    assert flaws_of(operator, {"home": "/"} | OPERATOR) == {}


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
def test_pages_of_staff(visit: Callable[..., Visitor], furnished: Scene, part: str) -> None:
    visitor = visit().signed_in(furnished.people[part])
    place = place_of(furnished)
    pages = {"home": "/"} | {name: place.cohort_pages()[name] for name in ("cohort", "hand-in")}
    if part == "mentor":
        pages |= place.mentor_pages() | behind(visitor, place.behind_mentor_pages())
    if part == "organiser":
        pages |= place.organiser_pages() | place.selection_pages()
        pages |= behind(visitor, place.behind_organiser_pages() | place.behind_selection_pages())
        pages |= behind(visitor, place.behind_reviews_desk())
    assert flaws_of(visitor, pages) == {}


@pytest.mark.parametrize("part", ["facilitator", "organiser"])
def test_pages_of_those_who_look_after_learners(visit: Callable[..., Visitor], furnished: Scene, part: str) -> None:
    visitor = visit().signed_in(furnished.people[part])
    place = place_of(furnished)
    pages = place.desk_pages() | behind(visitor, place.behind_desk_pages())
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
