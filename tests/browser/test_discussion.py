"""Two people talk in two browsers: post, see, edit, thank, lose the connection, come back; and by keyboard alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.scene import Scene
from tests.browser.test_main_job import NO_SOCKETS, Line
from tests.browser.visitor import Visitor
from tests.stack import wait

TITLE = "欠品した日の扱い"


def step_page(scene: Scene) -> str:
    return f"/cohorts/{scene.cohort}/cases/{scene.case}/steps/{scene.step}/"


def ask(visitor: Visitor, scene: Scene, text: str = "どうしていますか。") -> str:
    """Ask beside the step, in place; returns the thread's address."""
    page = visitor.open(step_page(scene))
    page.locator("details.ask summary").click()
    page.locator("details.ask input[name=title]").fill(TITLE)
    page.locator("details.ask textarea").fill(text)
    page.locator("details.ask .actions button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.wait_for_load_state()  # Its scripts have run.
    return page.url.split("?")[0]


def say(page: Page, text: str) -> None:
    page.locator("#reply textarea").fill(text)
    page.locator("#reply .actions button").click()


def listen(page: Page) -> Callable[[], list[str]]:
    """Return what a screen reader is told from now on."""
    page.evaluate(_LISTEN)
    return lambda: page.evaluate("window.heard")


_LISTEN = """() => {
  window.heard = [];
  const hear = (change) => change.addedNodes.forEach((line) => window.heard.push(line.textContent));
  const said = document.getElementById("said");
  new MutationObserver((changes) => changes.forEach(hear)).observe(said, { childList: true });
}"""


def texts(page: Page) -> Locator:
    """The bodies of the posts, without what is still on its way."""
    return page.locator("#posts > article:not(.pending) [data-part=body]")


def test_two_people_talk(visit: Callable[..., Visitor], scene: Scene) -> None:
    learner, mate = (visit().signed_in(scene.people[part]) for part in ("learner", "mate"))
    watching = mate.open(step_page(scene))
    watcher_stays = mate.stays()
    address = ask(learner, scene, "**どう**していますか。")
    expect(watching.locator(".live-lines")).to_contain_text(TITLE)
    watcher_stays()

    watching.locator(".live-lines").get_by_role("link", name=TITLE).click()
    expect(watching.get_by_role("heading", level=1)).to_have_text(TITLE)
    asker, answerer = learner.page, mate.page
    stays = [learner.stays(), mate.stays()]
    say(answerer, "`mean()` で補いました。")
    for page in (asker, answerer):
        expect(texts(page)).to_have_text(["どうしていますか。", "mean() で補いました。"])
    expect(answerer.locator("#reply textarea")).to_have_value("")
    expect(asker.locator("#post-2 code")).to_have_text("mean()")

    thanks = asker.locator("#post-2 [data-thanks]")
    thanks.click()
    expect(thanks).to_have_attribute("aria-pressed", "true")
    expect(answerer.locator("#post-2 [data-part=thanked]")).to_contain_text("1")
    asker.locator("#post-2 [data-accept]").click()
    for page in (asker, answerer):
        expect(page.locator("#post-2")).to_have_class(re.compile("accepted"))
    [check() for check in stays]

    answerer.locator("#post-2 a[href$='/edit/']").click()
    answerer.locator("main textarea").fill("中央値で補いました。")
    mate.button("Save", context="post").click()
    expect(answerer.locator("#post-2 [data-part=body]")).to_have_text("中央値で補いました。")
    expect(asker.locator("#post-2 [data-part=body]")).to_have_text("中央値で補いました。")
    expect(asker.locator("#post-2 [data-part=edited]")).to_be_visible()
    stays[0]()

    answerer.locator("#post-2 a[href$='/delete/']").click()
    mate.button("Delete permanently", context="post").click()
    expect(asker.locator("#post-2")).to_contain_text(learner.says("This post was deleted by its author."))
    assert address in asker.url


def test_nothing_is_lost_or_doubled_while_the_connection_is(visit: Callable[..., Visitor], scene: Scene) -> None:
    learner, mate = (visit().signed_in(scene.people[part]) for part in ("learner", "mate"))
    address = ask(learner, scene)
    line = Line(mate)
    mate.open(address)
    stays = mate.stays()
    say(mate.page, "つながっています。")
    expect(texts(learner.page)).to_have_count(2)

    expect(texts(mate.page)).to_have_count(2)
    heard = listen(mate.page)

    line.cut()
    mate.ignore_trouble(".")
    expect(mate.page.locator("[data-live-status]")).to_have_text(
        mate.says("The connection was lost. Connecting again…")
    )
    say(mate.page, "切れた間に書きました。")
    waiting = mate.page.locator(".pending")
    expect(waiting).to_contain_text(
        mate.says("Not sent yet: the connection was lost. Your post will be sent as soon as it is back.")
    )
    for number in range(1, 6):
        say(learner.page, f"その間の投稿{number}")
        expect(texts(learner.page)).to_have_count(2 + number)
    line.mend()

    there = [
        "どうしていますか。",
        "つながっています。",
        *(f"その間の投稿{n}" for n in range(1, 6)),
        "切れた間に書きました。",
    ]
    for page in (mate.page, learner.page):
        expect(texts(page)).to_have_text(there, timeout=60_000)
    expect(waiting).to_have_count(0)
    stays()
    mate.ignore_trouble(".")
    # Who can't see the page isn't flooded, and hears nothing twice.
    number = re.escape(mate.says("{count} new posts")).replace(r"\{count\}", r"\d")
    wait(lambda: any(re.fullmatch(number, line) for line in heard()), 30, "the number of new posts")
    said = heard()
    read_out = [line for line in said if "その間の投稿" in line]
    assert len(set(read_out)) == len(read_out) <= 3, said
    assert said.count(mate.says("Posted.")) == 1, said


def test_what_could_not_be_sent_goes_out_when_the_thread_is_opened_again(
    visit: Callable[..., Visitor], scene: Scene
) -> None:
    """The connection is lost, two posts are sent nevertheless, and the page is closed before it is back."""
    learner, mate = (visit().signed_in(scene.people[part]) for part in ("learner", "mate"))
    address = ask(learner, scene)
    line = Line(mate)
    mate.open(address)
    line.cut()
    for text in ("一つめ", "二つめ"):
        say(mate.page, text)
    expect(mate.page.locator(".pending")).to_have_count(2)
    mate.page.close()
    line.mend()
    mate.page = mate.new_page()
    mate.open(address)
    for page in (mate.page, learner.page):
        expect(texts(page)).to_have_text(["どうしていますか。", "一つめ", "二つめ"], timeout=60_000)
    mate.open(address)
    expect(texts(mate.page)).to_have_count(3)
    expect(mate.page.locator(".pending")).to_have_count(0)
    mate.ignore_trouble(".")


@pytest.mark.parametrize("language", ["ja"])
def test_by_keyboard_alone(visit: Callable[..., Visitor], scene: Scene, language: str) -> None:
    """Tab to the field, name somebody with the arrows, post with Ctrl + Enter, thank with the space bar."""
    learner, mate = (visit().signed_in(scene.people[part]) for part in ("learner", "mate"))
    address = ask(mate, scene)
    heard = listen(mate.page)
    page = learner.open(address)
    keys = page.keyboard
    tab_to(page, "#post-1 [data-thanks]")
    keys.press("Space")
    expect(mate.page.locator("#post-1 [data-part=thanked]")).to_contain_text("1")
    tab_to(page, "#reply textarea")
    keys.type(f"@{scene.names['mate'][:1]}")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert learner.barriers() == []
    keys.press("Enter")
    expect(page.locator("#reply textarea")).to_have_value(f"@{scene.names['mate']} ")
    keys.type("さん、私もです。")
    keys.press("Control+Enter")
    expect(texts(mate.page)).to_have_count(2)
    expect(mate.page.locator("#post-2 .mention")).to_have_text(f"@{scene.names['mate']}")
    expect(mate.page.locator("#post-2 [data-part=mentioned]")).to_be_visible()
    expect(page.locator("#reply textarea")).to_be_focused()
    # Whoever hears the page hears the post once, without its buttons; the list itself doesn't speak.
    said = page.locator("#said")
    assert [said.get_attribute(name) for name in ("role", "aria-live")] == ["log", "polite"]
    assert page.locator("#posts").get_attribute("aria-live") == "off"
    post = f"{mate.says('Mentions you')} {scene.names['learner']}: @{scene.names['mate']} さん、私もです。"
    wait(lambda: post in heard(), 30, "the post to be read out")
    assert [line for line in heard() if line != mate.says("Somebody is writing an answer…")] == [post]


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard doesn't reach {selector}")


@pytest.mark.parametrize("language", ["en"])
def test_without_sockets_and_without_scripts(visit: Callable[..., Visitor], scene: Scene, language: str) -> None:
    """Slower, but all of it works."""
    learner, plain, polling = visit(), visit(java_script_enabled=False), visit()
    polling.context.add_init_script(NO_SOCKETS)
    for visitor, part in ((learner, "learner"), (plain, "mate"), (polling, "facilitator")):
        visitor.signed_in(scene.people[part])
    address = ask(learner, scene)
    polling.open(address)
    page = plain.open(address)
    page.locator("#post-1 [data-thanks]").click()
    expect(page.locator("#post-1 [data-thanks]")).to_have_attribute("aria-pressed", "true")
    page.locator("#reply textarea").fill("Without scripts")
    page.locator("#reply .actions button").click()
    expect(texts(page)).to_have_text(["どうしていますか。", "Without scripts"])
    expect(texts(polling.page)).to_have_count(2, timeout=40_000)


def test_what_is_typed_before_the_script_runs_stands_behind_the_draft(
    visit: Callable[..., Visitor], scene: Scene
) -> None:
    learner = visit().signed_in(scene.people["learner"])
    address, page = ask(learner, scene), learner.page
    field = page.locator("#reply textarea")
    field.fill("前の書きかけ")
    learner.open("/")
    held: list[Route] = []
    script = re.compile(r"/discussion/writing[^/]*\.js")
    page.route(script, lambda route: held.append(route))
    page.route(re.compile(r"/discussion/sending[^/]*\.js"), lambda route: route.abort())
    with page.expect_request(script):
        page.goto(address, wait_until="commit")
    field.fill("早く打った文")
    held.pop().continue_()
    expect(field).to_have_value("前の書きかけ\n\n早く打った文")
    page.wait_for_load_state()
    # Sent by the plain form, it stands in the thread and is no draft any more.
    page.locator("#reply .actions button").click()
    expect(texts(page)).to_have_count(2)
    expect(field).to_have_value("")


def test_a_draft_outlives_the_page_and_is_nobody_elses(visit: Callable[..., Visitor], scene: Scene) -> None:
    learner = visit().signed_in(scene.people["learner"])
    address = ask(learner, scene)
    learner.page.locator("#reply textarea").fill("書きかけ")
    learner.open("/")
    learner.open(address)
    expect(learner.page.locator("#reply textarea")).to_have_value("書きかけ")
    learner.open("/accounts/logout/")
    learner.page.locator("main form button").first.click()
    learner.page.wait_for_url(re.compile("login"))
    learner.sign_in(scene.people["mate"])
    learner.page.wait_for_url(re.compile(r":\d+/$"))
    learner.open(address)
    expect(learner.page.locator("#reply textarea")).to_have_value("")
    assert learner.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length") == 0


def test_a_new_thread_begun_keeps_its_place_with_the_text(visit: Callable[..., Visitor], scene: Scene) -> None:
    learner = visit().signed_in(scene.people["learner"])
    page = learner.open(f"/cohorts/{scene.cohort}/discussion/new/")
    page.wait_for_load_state("networkidle")  # Its scripts have run.
    page.locator("select[name=place]").select_option(index=1)
    place = page.locator("select[name=place]").input_value()
    page.locator("input[name=title]").fill(TITLE)

    learner.open(f"/cohorts/{scene.cohort}/discussion/new/")

    expect(page.locator("select[name=place]")).to_have_value(place)
    expect(page.locator("input[name=title]")).to_have_value(TITLE)


@pytest.mark.usefixtures("has_axe")
def test_its_pages_have_no_barrier(visit: Callable[..., Visitor], scene: Scene) -> None:
    learner = visit().signed_in(scene.people["learner"])
    address = ask(
        learner,
        scene,
        "```python\nx = 1\n```\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n$\\sqrt{x}$ @" + scene.names["mate"],
    )
    paths = [
        address,
        f"{address}posts/1/edit/",
        f"{address}posts/1/delete/",
        f"{address}posts/1/history/",
        "/unread/?only=all",
    ]
    facilitator = visit().signed_in(scene.people["facilitator"])
    others = [f"{address}posts/1/flag/", f"{address}posts/1/moderate/", f"{address}moderate/"]
    for visitor, found in ((learner, paths), (facilitator, others)):
        for path in found:
            for width in (1280, 390):
                visitor.page.set_viewport_size({"width": width, "height": 844})
                visitor.open(path)
                assert visitor.flaws() == [], (path, width)
