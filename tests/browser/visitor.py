"""Somebody in front of a browser, and what they notice: errors in the console, missing files, barriers, overflow."""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.utils import translation
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response, expect

from tests.browser.launching import ZOOMED
from tests.browser.scene import PASSWORD
from tests.stack import ROOT

# JupyterLab's own pages: what they say to the console is not ours to judge.
NOTEBOOKS = ".localhost:"
AXE = ROOT / "node_modules/axe-core/axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# A page has settled when nothing was being fetched at so many looks in a row, so many milliseconds apart: what a
# script asks for follows its page within a few milliseconds. Playwright's "networkidle" waits half a second.
QUIET_LOOKS, MILLISECONDS = 3, 20
MOST_SCRIPT_KB = 100  # as it is sent

expect.set_options(timeout=20_000)


def words(source: str, *, language: str, context: str | None = None) -> str:
    """The text as the reader sees it; fails where no translation exists."""
    with translation.override(language):
        text = translation.pgettext(context, source) if context else translation.gettext(source)
    assert language == "en" or text != source, f"no {language} text for “{source}”"
    return text


class Visitor:
    """A person with a browser of their own; `trouble` is everything that should not have happened."""

    def __init__(self, context: BrowserContext, *, language: str) -> None:
        self.context = context
        self.language = language
        self.trouble: list[str] = []
        self._allowed: set[int] = set()
        self._fetched: set[Request] = set()
        self.page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._note(page.url, f"{page.url}: {error}"))
        page.on("response", self._look_at)
        page.on("request", lambda request: self._fetched.add(request))
        page.on("requestfinished", lambda request: self._fetched.discard(request))
        page.on("requestfailed", lambda request: self._fetched.discard(request))
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        # What the network answered is judged by _look_at.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            address = str(message.location.get("url"))
            self._note(address, f"{address}: {message.text}")

    def _note(self, address: str, text: str) -> None:
        if NOTEBOOKS not in address:
            self.trouble.append(text)

    def _look_at(self, response: Response) -> None:
        is_page = response.request.is_navigation_request()
        if response.status >= 400 and not is_page and response.status not in self._allowed:
            self._note(response.url, f"{response.status} {response.url}")

    def expect_status(self, *statuses: int) -> None:
        """Say that requests of the page may be answered so, because the test provokes it."""
        self._allowed |= set(statuses)

    def ignore_trouble(self, pattern: str) -> None:
        """Forget what the test provoked."""
        self.trouble = [text for text in self.trouble if not re.search(pattern, text)]

    # --- What a person does ---

    def says(self, source: str, *, context: str | None = None) -> str:
        return words(source, language=self.language, context=context)

    def open(self, path: str, status: int = 200) -> Page:
        self._fetched.clear()
        response = self.page.goto(path)
        assert response is not None
        assert response.status == status, f"{path}: {response.status}"
        return self.page

    def settle(self) -> None:
        """Wait until the page and all that its scripts asked for is there."""
        self.page.wait_for_load_state()
        quiet = 0
        for _look in range(20_000 // MILLISECONDS):
            self.page.wait_for_timeout(MILLISECONDS)
            quiet = 0 if self._fetched else quiet + 1
            if quiet == QUIET_LOOKS:
                return
        raise AssertionError(f"{self.page.url} still waits for {[request.url for request in self._fetched]}")

    def let_in(self, session: Any) -> "Visitor":
        """Be signed in without the sign-in page, where that is not what the test is about."""
        self.context.add_cookies([session])
        return self

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        self.open("/accounts/login/")
        self.page.locator("input[name=login]").fill(email)
        self.page.locator("input[name=password]").fill(password)
        self.button("Sign in").click()

    def signed_in(self, email: str, password: str = PASSWORD) -> "Visitor":
        self.sign_in(email, password)
        expect(self.page).to_have_url(re.compile(r":\d+/$"))
        return self

    def button(self, source: str, *, context: str | None = None) -> Locator:
        return self.page.locator("main").get_by_role("button", name=self.says(source, context=context), exact=True)

    def link(self, source: str, *, context: str | None = None) -> Locator:
        return self.page.locator("main").get_by_role("link", name=self.says(source, context=context), exact=True)

    def heading(self, source: str) -> Locator:
        return self.page.get_by_role("heading", name=self.says(source), exact=True)

    def hand_in(self, name: str, data: bytes) -> None:
        """Choose a file on the hand-in page and send it."""
        self.page.locator("#hand-in input[type=file]").set_input_files(
            files=[{"name": name, "mimeType": "text/csv", "buffer": data}]
        )
        self.button("Submit", context="button").click()

    # --- What a person notices ---

    def stays(self) -> Callable[[], None]:
        """Return a check that the page was not loaded anew since now, once its scripts have run."""
        self.page.wait_for_load_state()
        self.page.evaluate("window.stillTheSamePage = true")
        return lambda: _same_page(self.page)

    def barriers(self) -> list[str]:
        """What axe-core finds against WCAG A and AA on the page as it is."""
        # Not as a script element: the site's policy rightly forbids that.
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_axe())
        options = json.dumps({"runOnly": WCAG, "resultTypes": ["violations"]})
        return [_barrier(rule) for rule in self.page.evaluate(f"axe.run({options})")["violations"]]

    def overflow(self) -> list[str]:
        """Elements that stick out of the window sideways, unless they scroll within a box of their own."""
        return self.page.evaluate(_OVERFLOW)

    def overflow_when_zoomed(self) -> list[str]:
        """What sticks out when a window of 1280 px is zoomed to 200 % and its letters are twice as large again."""
        self.page.set_viewport_size(ZOOMED)
        self.page.evaluate("document.documentElement.style.fontSize = '200%'")
        found = self.overflow()
        self.page.evaluate("document.documentElement.style.fontSize = ''")
        return found

    def heavy_scripts(self) -> list[str]:
        """Whether the page has loaded more script than a page may bring."""
        kilobytes = self.page.evaluate(_SCRIPT_BYTES) / 1000
        return [f"{kilobytes:.1f} kB of script"] if kilobytes >= MOST_SCRIPT_KB else []

    def flaws(self, *, with_barriers: bool = True) -> list[str]:
        """Everything wrong with the page as it is: barriers, overflow, trouble."""
        barriers = self.barriers() if with_barriers else []
        return [*barriers, *(f"sticks out: {one}" for one in self.overflow()), *self.trouble]


def _same_page(page: Page) -> None:
    assert page.evaluate("window.stillTheSamePage === true"), "the page was loaded anew"


@cache
def _axe() -> str:
    return AXE.read_text()


def _barrier(rule: dict[str, Any]) -> str:
    where = "; ".join(f"{node['html'][:160]} {node['failureSummary'][:300]}" for node in rule["nodes"][:3])
    return f"{rule['id']}: {rule['help']} ({len(rule['nodes'])}) {where}"


_OVERFLOW = """() => {
  if (document.documentElement.scrollWidth <= innerWidth) return [];
  const scrolls = (element) =>
    element && (getComputedStyle(element).overflowX !== "visible" || scrolls(element.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !scrolls(one.parentElement))
    .slice(0, 5).map((one) => one.outerHTML.slice(0, 120)).concat(`${document.documentElement.scrollWidth} px wide`);
}"""

_SCRIPT_BYTES = """() => {
  const scripts = performance.getEntriesByType("resource").filter((one) => /\\.m?js$/.test(new URL(one.name).pathname));
  const sizes = new Map(scripts.map((one) => [one.name, one.encodedBodySize]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}"""
