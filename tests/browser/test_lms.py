"""From a course in a university's LMS into a cohort: out of the frame, through the link of both accounts, in."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.launching import SIZES
from tests.browser.lms import university
from tests.browser.scene import PASSWORD, Scene
from tests.browser.visitor import Visitor
from tests.stack import RunningSite

pytestmark = [pytest.mark.usefixtures("has_axe"), pytest.mark.parametrize("language", ["ja"])]


@pytest.fixture
def course(scene: Scene, site: RunningSite) -> Iterator[str]:
    """The address of the course whose link leads into the scene's cohort."""
    with university(site, cohort=scene.cohort) as address:
        yield address


def flaws_of(visitor: Visitor) -> list[str]:
    """At both widths."""
    found = []
    for viewport in SIZES.values():
        visitor.page.set_viewport_size(viewport)
        found += visitor.flaws()
    return found


def launch(visitor: Visitor, course: str) -> Page:
    """Open the course, and from its frame the link in a window of its own, where the visitor is now."""
    visitor.page.goto(course)
    frame = visitor.page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text(visitor.says("Opens in a new window"))
    assert visitor.flaws_in(visitor.page.frames[1]) == []
    with visitor.context.expect_page() as opened:
        frame.locator("main").get_by_role("link").click()
    visitor.page.close()
    visitor.follow(opened.value)
    return visitor.page


def sign_in(visitor: Visitor, email: str) -> None:
    visitor.link("Sign in and go on").click()
    visitor.page.locator("input[name=login]").fill(email)
    visitor.page.locator("input[name=password]").fill(PASSWORD)
    visitor.button("Sign in").click()


def test_a_learner_links_the_accounts_once_and_then_comes_straight_in(
    visit: Callable[..., Visitor], scene: Scene, course: str
) -> None:
    learner = visit()
    page = launch(learner, course)
    expect(page).to_have_url(re.compile("/lti/link/"))
    assert flaws_of(learner) == []
    sign_in(learner, scene.people["learner"])
    expect(page.get_by_role("main")).to_contain_text(scene.people["learner"])
    assert flaws_of(learner) == []
    ticket = page.url
    learner.button("Link the accounts and go on").click()
    expect(page).to_have_url(re.compile(f"/cohorts/{scene.cohort}/$"))

    learner.open(ticket, status=403)
    expect(learner.heading("Coming from your LMS did not work")).to_be_visible()
    assert flaws_of(learner) == []
    expect(launch(learner, course)).to_have_url(re.compile(f"/cohorts/{scene.cohort}/$"))


def test_who_is_not_in_the_cohort_is_told_so(visit: Callable[..., Visitor], scene: Scene, course: str) -> None:
    outsider = visit().signed_in(scene.people["outsider"])
    launch(outsider, course)
    outsider.button("Link the accounts and go on").click()
    expect(outsider.heading("You are not in this cohort yet")).to_be_visible()
    assert flaws_of(outsider) == []
