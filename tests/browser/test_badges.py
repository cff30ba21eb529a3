"""From the organiser's click to somebody outside who checks the badge, and what they see once it is revoked."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.scene import Scene, Stagehand
from tests.browser.visitor import Visitor


def test_issued_live_shared_checked_and_revoked(
    visit: Callable[..., Visitor], scene: Scene, stagehand: Stagehand
) -> None:
    stagehand.let_complete(scene, parts=["learner", "mate"])
    organiser = visit().signed_in(scene.people["organiser"])
    learner = visit().signed_in(scene.people["learner"])
    wallet = learner.open("/badges/")
    expect(learner.heading("You don’t have any badges yet")).to_be_visible()
    stays = learner.stays()

    page = organiser.open(f"/cohorts/{scene.cohort}/desk/badges/")
    page.locator("main tbody th a").click()
    organiser.link("Issue").click()
    expect(page.locator("main tbody")).to_contain_text(scene.names["mate"])
    page.locator("main form button").first.click()
    expect(page.locator("#badge-progress")).to_contain_text(organiser.says("Who holds the badge"))

    expect(wallet.locator(".wallet li")).to_have_count(1)
    expect(wallet.locator(".toasts")).to_contain_text(learner.says("You have received a badge. It is in “My badges”."))
    expect(wallet.locator(".bell-number")).not_to_have_text("0")
    stays()

    wallet.locator(".wallet a").click()
    wallet.locator("input[name=is_public][value='1']").check()
    learner.button("Save").click()
    link = wallet.locator("#badge-link").inner_text()
    with wallet.expect_download() as download:
        learner.link("Picture, Open Badges 3.0 (PNG)").click()

    outsider = visit()
    badge = outsider.open(link)
    expect(badge.locator(".banner.success")).to_contain_text(outsider.says("This badge is genuine and in force."))
    expect(badge.locator("main")).to_contain_text(scene.names["learner"])
    assert badge.locator("meta[property='og:image']").get_attribute("content", timeout=5000)

    outsider.open("/verify/").locator("input[name=file]").set_input_files(download.value.path())
    outsider.button("Check", context="badge").click()
    expect(outsider.page.locator(".banner.success")).to_be_visible()

    page.goto(f"/cohorts/{scene.cohort}/desk/badges/")
    page.locator("main tbody th a").click()
    page.locator("main").get_by_role("link", name=scene.names["learner"]).click()
    page.locator("input[name=reason]").fill("Test")
    organiser.button("Revoke the badge").click()
    expect(page.locator("main .chip.error")).to_be_visible()

    badge = outsider.open(link)
    words = "This badge was issued here, but it was revoked: it is no longer in force."
    expect(badge.locator(".banner.error")).to_contain_text(outsider.says(words))
    expect(badge.locator("main")).not_to_contain_text(re.compile("Test"))
