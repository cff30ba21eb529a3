"""Every page, wide, narrow and zoomed: no barrier by axe-core (WCAG 2.2 A and AA), no error, nothing sticking out.

Nor does any bring 100 kB of script or more.
"""

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


def flaws_of(visitor: Visitor, pages: dict[str, str], behind: dict[str, Behind] | None = None) -> dict[str, list[str]]:
    """What is wrong with each page at each width; nothing is left out where all is well.

    ``behind`` are pages with a number in their addresses, found as a reader finds them.
    """
    found, further = {}, {}
    ways = behind or {}
    starts = {f"to {way.page}": way.page for way in ways.values() if way.page not in pages.values()}
    for name, path in (pages | starts).items():
        found |= flaws_at(visitor, name, path)
        further |= {one: led_by(way, visitor) for one, way in ways.items() if way.page == path}
    for name, path in further.items():
        found |= flaws_at(visitor, name, path)
    return found


def led_by(way: Behind, visitor: Visitor) -> str:
    return (visitor.page.locator(way.link).first.get_attribute("href") or "") + way.further


def flaws_at(visitor: Visitor, name: str, path: str) -> dict[str, list[str]]:
    """The walk in English leaves axe-core out: it judges the markup, which is that of the page in Japanese."""
    found = {}
    visitor.open(path)
    visitor.settle()
    if flaws := visitor.heavy_scripts():
        found[name] = flaws
    for size, viewport in SIZES.items():
        visitor.page.set_viewport_size(viewport)
        if flaws := [*visitor.flaws(with_barriers=visitor.language == "ja"), *language_left_over(visitor)]:
            found[f"{name}, {size}"] = flaws
    if flaws := visitor.overflow_when_zoomed():
        found[f"{name}, 200 %"] = flaws
    return found


@pytest.fixture
def furnished(stagehand: Stagehand, language: str) -> Scene:
    """The scene with something on each page."""
    return stagehand.furnished(language)


@pytest.fixture
def reader(visit: Callable[..., Visitor], stagehand: Stagehand, furnished: Scene) -> Callable[[str], Visitor]:
    """Let one of the furnished scene's people in."""
    return lambda part: visit().let_in(stagehand.session_of(furnished.people[part]))


def place_of(scene: Scene) -> Place:
    return Place(scene.cohort, scene.case, scene.step)


def language_left_over(visitor: Visitor) -> list[str]:
    """A page must say which language it is in."""
    shown = visitor.page.locator("html").get_attribute("lang")
    return [] if shown == visitor.language else [f"in {shown}"]


def test_pages_for_everybody(visitor: Visitor) -> None:
    assert flaws_of(visitor, ANONYMOUS) == {}


def test_pages_of_a_learner(reader: Callable[[str], Visitor], furnished: Scene) -> None:
    learner = reader("learner")
    learner.open(furnished.path("submit/"))
    score_comes_without_reloading(learner, answers.good(furnished), answers.GOOD_COST)
    place = place_of(furnished)
    submission = {"submission": learner.page.locator("#history tbody a").first.get_attribute("href") or ""}
    pages = OWN | place.learner_pages() | submission
    assert flaws_of(learner, pages, place.behind_cohort_pages() | place.behind_reviews()) == {}


def test_the_choice_of_cases(reader: Callable[[str], Visitor], furnished: Scene) -> None:
    outsider = reader("outsider")
    place = Place(furnished.choice, furnished.case, furnished.step)
    assert flaws_of(outsider, {"home": "/", "choice": place.choice_of_cases()}) == {}


@pytest.mark.parametrize("language", ["ja"])  # The same pages as an organiser's, only empty.
def test_a_copied_cohort_in_which_nobody_is_yet(reader: Callable[[str], Visitor], furnished: Scene) -> None:
    organiser = reader("organiser")
    place = Place(furnished.copy, furnished.case, furnished.step)
    pages = place.desk_pages() | place.organiser_pages() | place.selection_pages()
    pages["consents-version"] = f"/cohorts/{furnished.copy}/desk/consents/draft/"
    assert flaws_of(organiser, {"cohort": place.cohort_pages()["cohort"]} | pages) == {}


def test_pages_of_an_applicant(reader: Callable[[str], Visitor], visitor: Visitor, furnished: Scene) -> None:
    pages = place_of(furnished).applicant_pages()
    assert flaws_of(visitor, {"apply": pages["apply"]}) == {}
    assert flaws_of(reader("applicant"), {"home": "/"} | pages) == {}


def test_pages_of_an_operator(reader: Callable[[str], Visitor]) -> None:
    assert flaws_of(reader("operator"), {"home": "/"} | OPERATOR) == {}


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
def test_pages_of_staff(reader: Callable[[str], Visitor], furnished: Scene, part: str) -> None:
    place, behind = place_of(furnished), {}
    pages = {"home": "/"} | {name: place.cohort_pages()[name] for name in ("cohort", "hand-in")}
    if part == "mentor":
        pages |= place.mentor_pages()
        behind = place.behind_mentor_pages()
    if part == "organiser":
        pages |= place.organiser_pages() | place.selection_pages()
        behind = place.behind_organiser_pages() | place.behind_selection_pages() | place.behind_reviews_desk()
    assert flaws_of(reader(part), pages, behind) == {}


@pytest.mark.parametrize("part", ["facilitator", "organiser"])
def test_pages_of_those_who_look_after_learners(reader: Callable[[str], Visitor], furnished: Scene, part: str) -> None:
    place = place_of(furnished)
    assert flaws_of(reader(part), place.desk_pages(), place.behind_desk_pages()) == {}


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
