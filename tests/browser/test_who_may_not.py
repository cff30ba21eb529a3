"""Who may not: pages of a cohort don't exist for others, and final scores don't before the close."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.pages import Place
from tests.browser.scene import Scene
from tests.browser.visitor import Visitor


def pages_of(scene: Scene) -> dict[str, str]:
    return Place(scene.cohort, scene.case, scene.step).learner_pages()


def test_an_outsider_finds_nothing_and_is_told_so_in_words(visit: Callable[..., Visitor], scene: Scene) -> None:
    outsider = visit().signed_in(scene.people["outsider"])
    for path in pages_of(scene).values():
        page = outsider.open(path, status=404)
        expect(outsider.heading("Page not found")).to_be_visible()
        assert scene.title not in page.content(), path


def test_whoever_is_not_signed_in_is_asked_to(visitor: Visitor, scene: Scene) -> None:
    for path in pages_of(scene).values():
        page = visitor.open(path)
        expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))
        assert scene.title not in page.content(), path


def test_the_final_board_is_out_of_reach_before_the_close(learner: Visitor, scene: Scene) -> None:
    page = learner.open(scene.path("board/final/"))
    expect(page).to_have_url(re.compile(r"/board/$"))
    expect(learner.heading("Provisional leaderboard")).to_be_visible()
    expect(page.get_by_role("link", name=learner.says("Final leaderboard"))).to_have_count(0)


def test_staff_hand_nothing_in(visit: Callable[..., Visitor], scene: Scene) -> None:
    mentor = visit().signed_in(scene.people["mentor"])
    page = mentor.open(scene.path("submit/"))
    expect(page.locator("#hand-in")).to_have_count(0)
    expect(page.locator("main")).to_contain_text(
        mentor.says(
            "Only learners in this cohort can hand in here. You can read the requirements and follow the leaderboard."
        )
    )
