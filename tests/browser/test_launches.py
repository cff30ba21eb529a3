"""From a link in an LMS's course into the site, by LTI 1.3 in a real browser: cookies cross sites as they really do."""

import json
import re
import secrets
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from campus.environment import LtiPlatform
from tests.browser.lms import Course, open_course
from tests.browser.scene import PASSWORD, Scene
from tests.browser.visitor import Visitor
from tests.stack import RunningSite


@pytest.fixture(scope="module")
def lms(site: RunningSite) -> Iterator[Course]:
    (registered,) = json.loads(site.environment["LTI_PLATFORMS"])
    with open_course(LtiPlatform(**registered), site=site.url) as course:
        yield course


@pytest.fixture
def course(lms: Course, scene: Scene) -> Course:
    """A course whose link leads to the scene's graded step; somebody unknown to the site sits before the browser."""
    number = secrets.token_hex(4)
    lms.place = {"cohort": scene.cohort, "case": scene.case, "step": scene.step}
    lms.who = {"sub": number, "email": f"hanako-{number}@uni.example", "name": "佐藤 花子"}
    lms.forged, lms.is_silent = {}, False
    return lms


def step_of(scene: Scene) -> str:
    return f"/cohorts/{scene.cohort}/cases/{scene.case}/steps/{scene.step}/"


def click_in_course(visitor: Visitor, course: Course) -> Page:
    page = visitor.open(course.address)
    page.get_by_role("link", name="Open").click()
    return page


def expect_to_be_refused(visitor: Visitor, site: RunningSite) -> None:
    expect(visitor.heading("The link from your LMS did not work")).to_be_visible()
    assert visitor.flaws() == []
    visitor.open("/account/")
    expect(visitor.page).to_have_url(re.compile("/accounts/login/"))
    assert visitor.page.url.startswith(site.url)


def test_who_has_linked_her_account_once_comes_straight_to_the_step(
    visit: Callable[..., Visitor], course: Course, scene: Scene
) -> None:
    course.who["email"] = scene.people["learner"]  # Of a domain for which the LMS doesn't speak.
    learner = visit()
    page = click_in_course(learner, course)
    expect(page).to_have_url(re.compile("/lti/link/"))
    assert learner.flaws() == []
    learner.link("Sign in and continue").click()
    page.locator("input[name=login]").fill(scene.people["learner"])
    page.locator("input[name=password]").fill(PASSWORD)
    learner.button("Sign in").click()
    expect(page).to_have_url(re.compile("/lti/link/"))
    assert learner.flaws() == []
    learner.button("Link the accounts and continue").click()
    expect(page).to_have_url(re.compile(f"{re.escape(step_of(scene))}$"))

    elsewhere = visit()
    page = click_in_course(elsewhere, course)
    expect(page).to_have_url(re.compile(f"{re.escape(step_of(scene))}$"))
    expect(page.locator(".account-menu")).to_contain_text(scene.names["learner"])


@pytest.mark.parametrize("language", ["ja"])
def test_a_newcomer_comes_in_once_the_organiser_lets_the_course_in(
    visit: Callable[..., Visitor], course: Course, scene: Scene
) -> None:
    refused = visit()
    page = click_in_course(refused, course)
    expect(refused.heading("You are not in this cohort yet")).to_be_visible()
    assert refused.flaws() == []

    organiser = visit().signed_in(scene.people["organiser"])
    organiser.open(f"/cohorts/{scene.cohort}/desk/lms/").locator("input[name=moodle-learners]").check()
    assert organiser.flaws() == []
    organiser.button("Save", context="lms").click()
    expect(organiser.page.get_by_text(organiser.says("Saved."))).to_be_visible()

    newcomer = visit()
    page = click_in_course(newcomer, course)
    expect(page).to_have_url(re.compile(rf"/cohorts/{scene.cohort}/welcome/\?next="))
    expect(page.locator(".account-menu")).to_contain_text("佐藤 花子")


@pytest.mark.parametrize("language", ["ja"])
def test_in_a_frame_of_the_lms_it_opens_a_window_of_its_own(
    visit: Callable[..., Visitor], course: Course, scene: Scene
) -> None:
    course.who["email"] = ""  # so that the LMS speaks for nobody
    learner = visit()
    page = learner.open(course.framed)
    onward = page.frame_locator("iframe").get_by_role("link", name=learner.says("Open in a new window"))
    with learner.context.expect_page() as opened:
        onward.click()
    expect(opened.value).to_have_url(re.compile("/lti/link/"))


@pytest.mark.parametrize("language", ["ja"])
@pytest.mark.parametrize("forged", ["state", "nonce"])
def test_an_answer_with_another_state_or_nonce_lets_nobody_in(
    visitor: Visitor, course: Course, site: RunningSite, forged: str
) -> None:
    course.forged = {forged: "guessed"}
    click_in_course(visitor, course)
    expect_to_be_refused(visitor, site)


@pytest.mark.parametrize("language", ["ja"])
def test_an_answer_lets_in_once_and_only_the_browser_that_asked(
    visit: Callable[..., Visitor], course: Course, site: RunningSite
) -> None:
    attacker, victim = visit(), visit()
    course.is_silent = True
    page = click_in_course(attacker, course)
    expect(page).to_have_url(re.compile(f"^{re.escape(course.platform.auth_url)}"))
    course.is_silent = False

    victim.page.goto(page.url)  # The LMS answers in the victim's browser what the attacker's had asked.
    expect_to_be_refused(victim, site)
    attacker.page.reload()  # The answer was given: it lets nobody in a second time.
    expect_to_be_refused(attacker, site)
