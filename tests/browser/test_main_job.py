"""The main job, as a learner does it: sign in, read, download, hand in, see the score come and the board move."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.browser import answers
from tests.browser.scene import Scene
from tests.browser.visitor import Visitor

# What a page meets behind a firewall that lets no WebSocket through.
NO_SOCKETS = """window.WebSocket = class {
  static OPEN = 1;
  constructor() { setTimeout(() => this.onclose?.({ code: 1006 })); }
  close() {}
}"""


def test_from_signing_in_to_the_final_picks(visit: Callable[..., Visitor], scene: Scene) -> None:
    learner = visit()
    learner.sign_in(scene.people["learner"])
    page = learner.page
    expect(page.get_by_role("heading", level=1)).to_contain_text(scene.names["learner"])

    learner_reads_and_downloads(learner, scene)
    learner_meets_refusals(learner, scene)

    mate = visit().signed_in(scene.people["mate"])
    mate.open(scene.path("board/"))
    mate_stays = mate.stays()
    expect(mate.page.locator("#board-rows tr:not(.baseline)")).to_have_count(0)

    score_comes_without_reloading(learner, answers.fair(scene), answers.FAIR_COST)
    expect(mate.page.locator("#board-rows")).to_contain_text(scene.names["learner"])
    score_comes_without_reloading(learner, answers.good(scene), answers.GOOD_COST)
    expect(mate.page.locator("#board-rows")).to_contain_text(answers.GOOD_COST)
    mate_stays()

    learner_follows_the_history(learner, scene)
    mate_overtakes_nobody(mate, learner, scene)


def learner_reads_and_downloads(learner: Visitor, scene: Scene) -> None:
    page = learner.page
    page.get_by_role("link", name=scene.case_title).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(scene.case_title)
    expect(page.locator("article.story")).to_contain_text("56")
    page.locator(".tabs").get_by_role("link", name=learner.says("Data"), exact=True).click()
    section = page.locator("section.data-file", has=page.get_by_text("items.csv", exact=True))
    with page.expect_download() as download:
        section.get_by_role("link").click()
    data = Path(download.value.path()).read_bytes()
    assert download.value.suggested_filename == "items.csv"
    expect(section.locator(".digest code")).to_have_text(answers.digest(data))


def learner_meets_refusals(learner: Visitor, scene: Scene) -> None:
    learner.expect_status(422)
    page = learner.open(scene.path("submit/"))
    stays = learner.stays()
    quota = page.locator("#quota").inner_text()
    good = answers.good(scene)
    at_row_7 = {"ja": "7行目（ファイルの8行目）", "en": "Row 7 (line 8 of the file)"}[learner.language]
    first_id = good.splitlines()[-3].split(b",")[0].decode()
    for name, data, texts in [
        ("missing.csv", answers.without_rows(good, 3), ["3", first_id]),
        ("nan.csv", answers.with_value(good, "NaN", row=7), [at_row_7, "NaN", "予測"]),
        ("negative.csv", answers.with_value(good, "-5", row=7), [at_row_7, "-5", "予測"]),
        ("header.csv", answers.with_header(good, "id,予想,補充目標在庫量"), ["予想"]),
    ]:
        learner.hand_in(name, data)
        problems = page.locator("#feedback .problems")
        for text in texts:
            expect(problems).to_contain_text(text)
    expect(page.locator("#feedback h3")).to_have_text(
        learner.says("The file can’t be graded as it is. It was not counted against your daily limit.")
    )
    expect(page.locator("#history tbody tr")).to_have_count(0)
    expect(page.locator("#quota")).to_have_text(re.compile(re.escape(" ".join(quota.split())[:6])))
    stays()


def score_comes_without_reloading(learner: Visitor, data: bytes, cost: str) -> None:
    page = learner.page
    stays = learner.stays()
    before = page.locator("#history tbody tr").count()
    learner.hand_in("answer.csv", data)
    expect(page.locator("#feedback .banner.success")).to_be_visible()
    expect(page.locator("#history tbody tr")).to_have_count(before + 1)
    newest = page.locator("#history tbody tr").first
    expect(newest).to_contain_text(cost)
    expect(newest).not_to_have_attribute("data-unfinished", re.compile(".*"))
    expect(page.locator("#announcement")).to_contain_text(cost)
    stays()


def learner_follows_the_history(learner: Visitor, scene: Scene) -> None:
    page = learner.open(scene.path("submit/"))
    expect(page.locator("campus-chart canvas")).to_be_visible()
    page.locator("campus-chart summary").click()
    expect(page.locator("campus-chart table tbody")).to_contain_text(answers.GOOD_COST)
    newest = page.locator("#history tbody tr").first
    newest.get_by_role("button").click()
    expect(newest.locator(".chip.strong")).to_have_text(learner.says("Chosen", context="final score"))
    page.reload()
    expect(newest.locator(".chip.strong")).to_be_visible()
    newest.get_by_role("button").click()
    expect(newest.locator(".chip.strong")).to_have_count(0)


def mate_overtakes_nobody(mate: Visitor, learner: Visitor, scene: Scene) -> None:
    """The board shows one's own line, equal scores go by the earlier hand-in, baselines take no place."""
    mate.open(scene.path("submit/"))
    score_comes_without_reloading(mate, answers.good(scene), answers.GOOD_COST)
    page = mate.open(scene.path("board/"))
    expect(page.locator("#board-rows tr.own")).to_contain_text(scene.names["mate"])
    places = page.locator("#board-rows tr:not(.baseline)")
    expect(places).to_have_count(2)
    assert [cell.split()[0] for cell in places.locator("td:first-child").all_inner_texts()] == ["1", "2"]
    expect(places.first).to_contain_text(scene.names["learner"])
    expect(page.locator("#board-rows tr.baseline").first).to_contain_text(mate.says("Baseline"))


def test_the_score_appears_where_websockets_are_blocked(learner: Visitor, scene: Scene) -> None:
    learner.context.add_init_script(NO_SOCKETS)
    learner.open(scene.path("submit/"))
    score_comes_without_reloading(learner, answers.good(scene), answers.GOOD_COST)
    expect(learner.page.locator("[data-live-status]")).to_have_text(
        learner.says("Live updates are not available at the moment. The page is refreshed every few seconds.")
    )


class Line:
    """The network between a visitor and the site. Going offline leaves Chromium's open sockets alone; this doesn't."""

    def __init__(self, visitor: Visitor) -> None:
        self._context = visitor.context
        self._is_cut = False
        self._sockets: list[WebSocketRoute] = []
        self._context.route_web_socket(re.compile("/ws/$"), self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        if self._is_cut:
            socket.close(code=1001)
        else:
            socket.connect_to_server()
            self._sockets.append(socket)

    def cut(self) -> None:
        self._is_cut = True
        self._context.set_offline(True)
        for socket in self._sockets:
            socket.close(code=1001)

    def mend(self) -> None:
        self._is_cut = False
        self._context.set_offline(False)


def test_a_page_that_was_offline_catches_up(visit: Callable[..., Visitor], scene: Scene) -> None:
    learner = visit().signed_in(scene.people["learner"])
    mate = visit().signed_in(scene.people["mate"])
    line = Line(learner)
    page = learner.open(scene.path("board/"))
    stays = learner.stays()
    mate.open(scene.path("submit/"))

    line.cut()
    status = page.locator("[data-live-status]")
    expect(status).to_have_text(learner.says("The connection was lost. Connecting again…"))
    score_comes_without_reloading(mate, answers.good(scene), answers.GOOD_COST)
    line.mend()

    expect(page.locator("#board-rows")).to_contain_text(scene.names["mate"], timeout=60_000)
    expect(status).to_have_text("")
    stays()


@pytest.mark.parametrize("language", ["ja"])
def test_final_scores_show_only_after_the_close(learner: Visitor, scene: Scene, stagehand, language: str) -> None:
    page = learner.open(scene.path("submit/"))
    score_comes_without_reloading(learner, answers.good(scene), answers.GOOD_COST)
    final_cost = f"{answers.EXPECTED['boosting_tuned.csv.gz']['private']['cost_yen']:,.0f}"
    for path in ("submit/", "board/"):
        assert final_cost not in learner.open(scene.path(path)).content()
    learner.open(scene.path("board/final/"))
    expect(page).to_have_url(re.compile(r"/board/$"))

    stagehand.close_step(scene)

    learner.open(scene.path("board/final/"))
    expect(page.locator("#board-rows tr.own")).to_contain_text(final_cost)
    learner.open(scene.path("submit/"))
    expect(page.locator("#history tbody tr").first).to_contain_text(final_cost)
