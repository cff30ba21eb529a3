"""The browser's side in a real browser: events reach the page once and in order, whatever the network does."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.asgi import get_asgi_application
from django.db import connections
from playwright.sync_api import Page, sync_playwright

from campus import asgi
from campus.live import publishing
from tests.campus.live.conftest import LiveServer, session_of, sign_in, wait_until
from tests.campus.live.saying import publish

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian's package chromium)"),
]
LIVE_JS = Path(asgi.__file__).parent / "live/static/live/live.js"
PAGE = """<!DOCTYPE html><title>live</title>
<section id="stream" data-live-stream="probe:1" data-live-seq="0"></section>
<p data-live-status="" data-reconnecting="Connecting again" data-polling="Slower now" data-signed-out="Signed out"></p>
<script>
  heard = [];
  for (const kind of ["said", "reset"])
    document.addEventListener("live:" + kind, (event) => heard.push([event.detail.seq, event.detail.kind]));
</script>
<script type="module" src="/live.js"></script>"""

django = get_asgi_application()


class PageServer:
    """The site's sockets and HTTP catch-up, and one page beside them. Sockets can be blocked as a firewall would."""

    def __init__(self) -> None:
        self.sockets_blocked = False

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan" or (scope["type"] == "websocket" and not self.sockets_blocked):
            await asgi.application(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        elif scope["path"] in ("/page", "/live.js"):
            await self._answer(scope["path"], send)
        else:
            await django(scope, receive, send)

    async def _answer(self, path: str, send: Any) -> None:
        body, kind = (PAGE, b"text/html") if path == "/page" else (LIVE_JS.read_text(), b"text/javascript")
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": body.encode()})


@pytest.fixture
def pages() -> PageServer:
    return PageServer()


@pytest.fixture
def server(transactional_db: None, monkeypatch: pytest.MonkeyPatch, pages: PageServer) -> Iterator[LiveServer]:
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    with LiveServer(pages) as running:
        yield running


@pytest.fixture
def in_chromium(server: LiveServer, aki, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """Aki's page; the tab has not been opened yet. Playwright keeps a loop running in this thread."""
    session = session_of(sign_in(aki))
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(base_url=f"http://{server.address}")
        context.add_cookies([{"name": "campus_session", "value": session, "url": f"http://{server.address}"}])
        yield context.new_page()
        browser.close()
        connections.close_all()  # Django keeps another connection while Playwright's loop runs here.


def hears(page: Page, expected: list[list[object]]) -> None:
    """Wait until the page has heard as much, then compare all of it."""
    page.wait_for_function("count => heard.length >= count", arg=len(expected), timeout=15_000)
    assert page.evaluate("heard") == expected


def follows(server: LiveServer) -> Callable[[], bool]:
    return lambda: any(channel.sockets for channel in server.hub._channels.values())


def status(page: Page) -> str:
    return page.locator("[data-live-status]").inner_text()


def test_events_reach_the_element_of_their_stream(in_chromium, server):
    publish()
    in_chromium.goto("/page")
    hears(in_chromium, [[1, "said"]])
    publish(count=2)
    hears(in_chromium, [[1, "said"], [2, "said"], [3, "said"]])
    assert status(in_chromium) == ""


def test_after_a_lost_connection_the_page_goes_on_where_it_was(in_chromium, server):
    in_chromium.goto("/page")
    wait_until(follows(server))
    publish()
    hears(in_chromium, [[1, "said"]])
    for protocol in list(server.server.server_state.connections):
        if hasattr(protocol, "handshake_complete"):
            protocol.loop.call_soon_threadsafe(protocol.transport.abort)
    in_chromium.wait_for_function("document.querySelector('[data-live-status]').textContent === 'Connecting again'")
    publish(count=3)
    hears(in_chromium, [[n, "said"] for n in range(1, 5)])
    in_chromium.wait_for_function("document.querySelector('[data-live-status]').textContent === ''")


def test_a_long_gap_is_filled_over_http_in_order(in_chromium, server):
    publish(count=450)
    in_chromium.goto("/page")
    hears(in_chromium, [[n, "said"] for n in range(1, 451)])


def test_with_sockets_blocked_the_page_still_hears_everything(in_chromium, server, pages):
    pages.sockets_blocked = True
    in_chromium.goto("/page")
    publish(count=2)
    in_chromium.wait_for_function(
        "document.querySelector('[data-live-status]').textContent === 'Slower now'", timeout=15_000
    )
    hears(in_chromium, [[1, "said"], [2, "said"]])
    publish()
    hears(in_chromium, [[1, "said"], [2, "said"], [3, "said"]])


def test_a_page_whose_person_signed_out_says_so_and_stops(in_chromium, server, aki):
    in_chromium.goto("/page")
    wait_until(follows(server))
    aki.is_active = False
    aki.save()
    in_chromium.wait_for_function("document.querySelector('[data-live-status]').textContent === 'Signed out'")


def test_streams_that_come_and_go_with_the_page_are_followed_and_left(in_chromium, server):
    in_chromium.goto("/page")
    wait_until(follows(server))
    in_chromium.evaluate("document.getElementById('stream').remove()")
    wait_until(lambda: not follows(server)())
    in_chromium.evaluate("document.body.insertAdjacentHTML('beforeend', '<i data-live-stream=probe:2></i>')")
    wait_until(follows(server))
    assert publishing.last_seq("probe:2") == 0
    publish("probe:2")
    hears(in_chromium, [[1, "said"]])
