"""The main job of each role by keyboard alone, and a learner's without JavaScript."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import answers
from tests.browser.scene import PASSWORD, Scene, Stagehand
from tests.browser.visitor import Visitor


def tab_to(page: Page, name: str, *, most: int = 100) -> None:
    """Press Tab until the focus is on what is called so, and visible there."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if name in page.evaluate(_FOCUSED):
            assert page.evaluate(_FOCUS_SHOWS), f"no focus mark on {name}"
            return
    raise AssertionError(f"Tab never came to “{name}”")


_FOCUSED = """() => { const e = document.activeElement;
  return [e.name, e.id, e.textContent.trim().slice(0, 200), e.getAttribute("aria-label")].filter(Boolean); }"""
_FOCUS_SHOWS = """() => { const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" && style.outlineWidth !== "0px" || style.boxShadow !== "none"; }"""


def test_the_keyboard_is_enough(visitor: Visitor, scene: Scene, tmp_path: Path) -> None:
    page = visitor.open("/")
    # Playwright asks the browser for file dialogs without waiting for its answer; so ask long before.
    page.on("filechooser", lambda _chooser: None)
    tab_to(page, visitor.says("Skip to the content"))
    tab_to(page, visitor.says("Sign in"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/login/**")
    tab_to(page, "login")
    page.keyboard.type(scene.people["learner"])
    tab_to(page, "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r":\d+/$"))

    tab_to(page, visitor.says("Submit"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{scene.path('submit/')}")

    answer = tmp_path / "by-keyboard.csv"
    answer.write_bytes(answers.good(scene))
    tab_to(page, "file")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(answer)
    tab_to(page, visitor.says("Submit", context="button"))
    page.keyboard.press("Enter")
    expect(page.locator("#history tbody tr").first).to_contain_text(answers.GOOD_COST)


def follow(page: Page, name: str) -> None:
    """Go to a link or a button by Tab and use it; the next page has come."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, field: str, text: str) -> None:
    tab_to(page, field)
    page.keyboard.insert_text(text)


@pytest.mark.parametrize("language", ["ja"])  # The keys are the same in both.
def test_a_facilitator_records_a_follow_up_by_keyboard(
    visit: Callable[..., Visitor], scene: Scene, stagehand: Stagehand
) -> None:
    visitor = visit().let_in(stagehand.session_of(scene.people["facilitator"]))
    page = visitor.open("/")
    follow(page, scene.title)
    follow(page, visitor.says("Running the cohort"))
    follow(page, visitor.says("Who is where", context="desk"))
    follow(page, scene.names["mate"])
    write(page, "note", "電話で進み具合を聞きました。")
    follow(page, visitor.says("Record", context="follow-up"))
    expect(page.locator("main")).to_contain_text("1人の対応を記録しました。")


@pytest.mark.parametrize("language", ["ja"])
def test_an_organiser_sends_an_announcement_by_keyboard(
    visit: Callable[..., Visitor], scene: Scene, stagehand: Stagehand
) -> None:
    visitor = visit().let_in(stagehand.session_of(scene.people["organiser"]))
    page = visitor.open(f"/cohorts/{scene.cohort}/desk/announcements/")
    follow(page, visitor.says("Write an announcement"))
    write(page, "title_ja", "提案の締切について")
    write(page, "body_ja", "締切は金曜日です。")
    tab_to(page, "roles")  # The learners' box, which is ticked already.
    tab_to(page, "roles")
    page.keyboard.press("Space")
    follow(page, visitor.says("Save and check"))
    follow(page, visitor.says("Send now"))
    expect(page.locator("main")).to_contain_text("提案の締切について")
    expect(page.locator("main")).to_contain_text(visitor.says("Read on the site"))


@pytest.mark.parametrize("language", ["ja"])
def test_a_mentor_releases_a_review_by_keyboard(visit: Callable[..., Visitor], stagehand: Stagehand) -> None:
    scene = stagehand.furnished("ja")
    visitor = visit().let_in(stagehand.session_of(scene.people["mentor"]))
    page = visitor.open(f"/cohorts/{scene.cohort}/desk/mentoring/")
    follow(page, scene.names["mate"])
    marks = page.locator("form input[name^=mark-]")
    for name in marks.evaluate_all("all => [...new Set(all.map((one) => one.name))]"):
        tab_to(page, name)
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        write(page, name.replace("mark-", "comment-"), "根拠となる数字が示されています。")
    write(page, "advice", "次は費用の内訳も書いてみましょう。")
    follow(page, visitor.says("Release to the authors"))
    expect(page.locator("main")).to_contain_text(
        visitor.says("The review was released, and the authors were notified.")
    )


@pytest.mark.parametrize("language", ["ja"])
def test_an_answer_to_a_comment_outlives_other_buttons_and_is_sent_once(
    visit: Callable[..., Visitor], stagehand: Stagehand
) -> None:
    scene = stagehand.furnished("ja")
    visitor = visit().let_in(stagehand.session_of(scene.people["mentor"]))
    page = visitor.open(f"/cohorts/{scene.cohort}/desk/mentoring/")
    page.locator("tbody th a").first.click()
    write(page, "text", "この数字の出典は？")
    visitor.button("Add the comment").click()
    thread = page.locator(".thread", has_text="この数字の出典は？")
    thread.locator("summary").click()
    thread.locator("textarea").fill("社内の資料でもかまいません。")
    thread.get_by_role("button", name=visitor.says("Mark as resolved")).click()
    expect(thread.locator(".chip.success")).to_be_visible()
    expect(thread.locator("textarea")).to_have_value("社内の資料でもかまいません。")
    thread.locator("textarea").fill("社内の資料でもかまいません。期間も教えてください。")
    thread.get_by_role("button", name=visitor.says("Send the reply", context="mentoring")).dblclick()
    expect(thread.locator(".answers > li")).to_have_count(1)
    page.reload()
    expect(thread.locator(".answers > li")).to_have_count(1)
    expect(thread.locator("textarea")).to_have_value("")
    visitor.ignore_trouble(r"htmx:(afterRequest|sendAbort|sendError)")


def test_the_skip_link_leads_past_the_header(learner: Visitor) -> None:
    page = learner.open("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_handing_in_works_without_javascript(visit: Callable[..., Visitor], scene: Scene) -> None:
    learner = visit(java_script_enabled=False).signed_in(scene.people["learner"])
    page = learner.open(scene.path("submit/"))
    learner.hand_in("bad.csv", answers.with_value(answers.good(scene), "NaN", row=7))
    expect(page.locator("#feedback .problems")).to_contain_text("NaN")
    learner.hand_in("good.csv", answers.good(scene))
    expect(page.locator("#history tbody tr")).to_have_count(1)
    expect(page.locator("#history tbody")).to_contain_text("good.csv")
    expect(page.locator("main [role=status]").first).to_contain_text("good.csv")
