"""Handing in work that people judge: saved while one types, with slides that are read in the page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from campus.demo.slides import Slide, slides_as_pdf
from tests.browser.scene import Scene, Stagehand
from tests.browser.test_forms import assert_no_flaws
from tests.browser.visitor import Visitor

STEP = "poc"


@pytest.mark.parametrize("language", ["ja"])
def test_slides_are_handed_in_and_read_page_by_page(
    visit: Callable[..., Visitor], scene: Scene, stagehand: Stagehand, has_axe: None
) -> None:
    stagehand.open_step(scene, STEP)
    learner = visit().signed_in(scene.people["learner"])
    prepare_with_slides(learner, f"/cohorts/{scene.cohort}/cases/{scene.case}/steps/{STEP}/")
    page = learner.page
    page.locator("#hand-in .card a").first.click()
    picture = page.locator("#page-2 img")
    picture.scroll_into_view_if_needed(timeout=60_000)
    drawn = page.locator("#page-2 img:not([src=''])")
    expect(drawn).to_be_visible()
    assert drawn.evaluate("async (picture) => (await picture.decode(), picture.naturalWidth)") > 0
    assert_no_flaws(learner)

    facilitator = visit().signed_in(scene.people["facilitator"])
    facilitator.open(f"/cohorts/{scene.cohort}/desk/deliverables/")
    facilitator.page.locator("tbody a").first.click()
    expect(facilitator.page.locator("h1")).to_have_text(scene.names["learner"])
    expect(facilitator.page.locator("#page-1 img")).to_be_visible()


def prepare_with_slides(learner: Visitor, address: str) -> None:
    """Type, add a PDF, come back to it, miss something, and hand it in."""
    page = learner.open(address)
    page.locator("#id_text").fill("廃棄は月に60万円です。")
    expect(page.locator("#saved time")).to_be_visible()
    pdf = slides_as_pdf([Slide("提案", ["廃棄を3割減らす"]), Slide("根拠", bars=[("いま", 1.0), ("提案", 0.7)])])
    file = {"name": "提案資料.pdf", "mimeType": "application/pdf", "buffer": pdf}
    page.locator("#draft-files input[type=file]").set_input_files(files=[file])
    expect(page.locator(".file-list")).to_contain_text("提案資料.pdf")
    assert_no_flaws(learner)

    page.reload()
    expect(page.locator("#id_text")).to_have_value("廃棄は月に60万円です。")
    learner.expect_status(422)
    learner.button("Hand in", context="button").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert_no_flaws(learner)
    page.locator("#id_ai_use").fill("使っていません。")
    learner.button("Hand in", context="button").click()
    expect(page.locator("#hand-in .card")).to_be_visible()
    assert_no_flaws(learner)
