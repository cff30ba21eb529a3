"""A small LMS with pages, for browsers: a course with a link, in a window or in a frame, and the form that answers.

At http://localhost, while the site is at 127.0.0.1: to a browser these are two sites, so that cookies are kept and kept
back as between a university's LMS and ours.
"""

import html
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from campus.environment import LtiPlatform
from tests.campus.lti.lms import CLAIM, Lms

NAME = "学び大学 Moodle"


@cache
def _lms() -> Lms:
    """One key for the whole run: the site keeps an LMS's key set for an hour."""
    return Lms()


def registration(port: int) -> LtiPlatform:
    """The LMS on that port, as an operator enters it before it launches anybody."""
    address = f"http://localhost:{port}"
    return LtiPlatform(
        key="moodle",
        name=NAME,
        issuer=address,
        client_id="campus",
        auth_url=f"{address}/auth",
        jwks_url=f"{address}/certs",
        deployments=["1"],
        domains=["uni.example"],
    )


@dataclass
class Course:
    """One course of the LMS. ``place`` are the custom parameters of its link, ``who`` sits before the browser.

    ``forged`` replaces what the form answers: its state, or its token's nonce. ``is_silent``: it answers nothing yet.
    """

    platform: LtiPlatform
    site: str
    place: dict[str, str] = field(default_factory=dict)
    who: dict[str, str] = field(default_factory=dict)
    forged: dict[str, str] = field(default_factory=dict)
    is_silent: bool = False
    keys: Lms = field(default_factory=_lms)

    @property
    def address(self) -> str:
        return f"{self.platform.issuer}/course"

    @property
    def framed(self) -> str:
        """The same course where its teacher chose to show the link within the page."""
        return f"{self.platform.issuer}/framed"

    @property
    def link(self) -> str:
        asked = {
            "iss": self.platform.issuer,
            "client_id": self.platform.client_id,
            "login_hint": "7",
            "target_link_uri": f"{self.site}/lti/launch/",
        }
        return f"{self.site}/lti/login/?{urlencode(asked)}"

    def page(self, path: str, asked: dict[str, str]) -> str:
        """What the LMS shows at that path."""
        if path == "/auth":
            return _page("<h1>Please wait</h1>") if self.is_silent else self._form(asked)
        link = html.escape(self.link)
        inside = f'<iframe src="{link}"></iframe>' if path == "/framed" else f'<a href="{link}">Open</a>'
        return _page(f"<h1>Course</h1>{inside}")

    def _form(self, asked: dict[str, str]) -> str:
        """The answer that the browser carries to the site by itself."""
        target = f"{self.site}/lti/launch/"
        claims = {
            "iss": self.platform.issuer,
            f"{CLAIM}target_link_uri": target,
            f"{CLAIM}custom": self.place,
            **self.who,
        }
        answer = {
            "state": self.forged.get("state", asked["state"]),
            "id_token": self.keys.token(nonce=self.forged.get("nonce", asked["nonce"]), **claims),
        }
        fields = "".join(f'<input type="hidden" name="{one}" value="{html.escape(answer[one])}">' for one in answer)
        form = f'<form method="post" action="{html.escape(asked["redirect_uri"])}">{fields}</form>'
        return _page(f"{form}<script>document.forms[0].submit()</script>")


def _page(body: str) -> str:
    return f'<!doctype html><html lang="en"><title>LMS</title><link rel="icon" href="data:,">{body}</html>'


@contextmanager
def open_course(platform: LtiPlatform, *, site: str) -> Iterator[Course]:
    """The LMS with that course, on the port that it is registered with."""
    course = Course(platform, site)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/certs":
                self._answer("application/json", json.dumps(course.keys.key_set()))
            else:
                self._answer("text/html; charset=utf-8", course.page(parts.path, dict(parse_qsl(parts.query))))

        def _answer(self, kind: str, text: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_args: Any) -> None:
            pass

    # Threads: browsers open connections ahead and leave them silent.
    server = ThreadingHTTPServer(("127.0.0.1", urlsplit(platform.issuer).port or 80), Answers)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield course
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
