"""Forms in a real browser: made on the desk, saved while one types, submitted, and looked at as results."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.browser.launching import SIZES
from tests.browser.scene import Scene
from tests.browser.visitor import Visitor


def test_a_form_from_the_desk_to_its_results(visit: Callable[..., Visitor], scene: Scene) -> None:
    organiser = visit().signed_in(scene.people["organiser"])
    desk = f"/cohorts/{scene.cohort}/desk/forms/"
    page = organiser.open(f"{desk}new/")
    page.locator("input[value=reflection]").check()
    organiser.button("Create the form").click()
    first = page.locator(".outline-label").first
    words = first.inner_text()
    page.locator("[id^=question-down]").first.click()
    expect(first).not_to_have_text(words)
    assert_no_flaws(organiser)
    page.locator(".outline-questions a").nth(4).click()
    assert_no_flaws(organiser)
    page.go_back()
    page.locator("form[action$='/publish/'] button").click()
    address = page.locator("a[href*='/forms/']", has_text=re.compile("^http")).get_attribute("href") or ""

    learner = visit().signed_in(scene.people["learner"])
    filled_in_and_submitted(learner, address)

    organiser.open(page.url.split("?")[0] + "results/")
    expect(page.locator("campus-chart canvas").first).to_be_visible()
    assert_no_flaws(organiser)
    page.locator(".tabs a[href$='/answers/']").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert_no_flaws(organiser)


def filled_in_and_submitted(learner: Visitor, address: str) -> None:
    page = learner.page
    type_ahead_of_the_scripts(page, address, "…")
    expect(page.locator("#saved time")).to_be_visible()
    assert_no_flaws(learner)
    # A question that depends on a choice comes and goes with it.
    depends = page.locator("[data-shown-when]")
    expect(depends).to_be_hidden()
    page.locator("input[value=often]").check()
    expect(depends).to_be_visible()
    with page.expect_response("**/save/"):
        page.locator("input[value=never]").check()
    expect(depends).to_be_hidden()

    page.reload()
    expect(page.locator("textarea").first).to_have_value("…")
    learner.expect_status(422)
    learner.button("Submit", context="form").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert_no_flaws(learner)
    for area in page.locator("textarea:visible").all():
        area.fill("OK")
    page.locator("input[type=radio][value='4']").check()
    learner.button("Submit", context="form").click()
    expect(page.locator(".banner.success")).to_be_visible()
    assert_no_flaws(learner)


def type_ahead_of_the_scripts(page: Page, address: str, text: str) -> None:
    """Write into the first field while htmx is still on its way, as on a slow line."""
    held: list[Route] = []
    page.route("**/htmx*.js", lambda route: held.append(route))
    with page.expect_request("**/htmx*.js"):
        page.goto(address, wait_until="commit")
    page.locator("textarea").first.fill(text)
    held[0].continue_()
    page.unroute("**/htmx*.js")


def assert_no_flaws(visitor: Visitor) -> None:
    # Leaving the page ends a save that is under way; what it would have saved goes by beacon or with the form itself.
    visitor.ignore_trouble(r"htmx:(afterRequest|sendAbort|sendError)")
    for viewport in SIZES.values():
        visitor.page.set_viewport_size(viewport)
        visitor.page.wait_for_load_state("networkidle")
        assert visitor.flaws() == []
