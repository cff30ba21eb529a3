"""A university's LMS in front of the browser: pages of its own, on the port where the shared site knows it.

It answers on ``localhost`` and the site on ``127.0.0.1``: to a browser these are two sites, as in real life.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from tests.campus.lti.lms import CLAIM, Lms, new_key
from tests.stack import RunningSite


@cache
def key() -> RSAPrivateKey:
    """One for all tests: the site keeps the keys of an LMS and asks for new ones once a minute at most."""
    return new_key()


@contextmanager
def university(site: RunningSite, *, cohort: str) -> Iterator[str]:
    """Open the LMS; yield the address of a course that has the link to ``cohort`` in a frame."""
    (known,) = json.loads(site.environment["LTI_PLATFORMS"])
    lms, target = Lms(keys={"first": key()}), f"{site.url}/lti/launch/"

    def course() -> str:
        hints = {"iss": known["issuer"], "login_hint": "7", "target_link_uri": target}
        address = escape(f"{site.url}/lti/login/?{urlencode(hints)}")
        return f'<iframe src="{address}" title="tool" style="width:100%;height:700px;border:0"></iframe>'

    def who_it_is(query: str) -> str:
        """The form by which an LMS answers, from another site, without anybody's doing."""
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        claims: dict[str, Any] = {
            f"{CLAIM}custom": {"cohort": cohort},
            f"{CLAIM}target_link_uri": target,
            "iss": known["issuer"],
            "sub": f"{cohort}-7",
        }
        token = lms.token(nonce=asked["nonce"], **claims)
        fields = "".join(
            f'<input type="hidden" name="{name}" value="{escape(value)}">'
            for name, value in {"state": asked["state"], "id_token": token}.items()
        )
        form = f'<form method="post" action="{escape(asked["redirect_uri"])}">{fields}</form>'
        return f"{form}<script>document.forms[0].submit()</script>"

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if asked.path == "/certs":
                self._answer("application/json", json.dumps(lms.key_set()))
            elif asked.path in {"/course", "/auth"}:
                page = course() if asked.path == "/course" else who_it_is(asked.query)
                self._answer("text/html; charset=utf-8", f"<!doctype html><title>LMS</title>{page}")
            else:
                self.send_response(204)  # Its icon.
                self.end_headers()

        def _answer(self, kind: str, text: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", urlsplit(known["issuer"]).port or 0), Answers)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"{known['issuer']}/course"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
