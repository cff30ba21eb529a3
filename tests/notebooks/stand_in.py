"""A site of a few lines, behind the real proxy: signs people in by OpenID, and answers what the Hub asks."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

SESSION = "campus_session"


@dataclass
class StandIn:
    """The site: what it knows of people, and what it was told and asked."""

    service_token: str
    cases: list[dict[str, Any]] = field(default_factory=list)
    groups: dict[str, list[str]] = field(default_factory=dict)
    grants: list[dict[str, str]] = field(default_factory=list)
    languages: dict[str, str] = field(default_factory=dict)
    deactivated: set[str] = field(default_factory=set)  # whom the site signs in no more
    refused: set[str] = field(default_factory=set)  # who may have no server, and visit none
    copies: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)  # by token and ticket
    ended_tokens: set[str] = field(default_factory=set)
    is_away: bool = False  # as while the site starts again
    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # host, path, Authorization

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """What `/internal/notebooks/…` answers."""
        self.told.append((path, body))
        if path == "cohorts":
            return 200, {"cohorts": ["spring"], "grants": self.grants}
        if path == "start":
            return (403, {}) if body["name"] in self.refused else (200, self._granted(body["name"]))
        if path == "visit" and body["visitor"] in self.refused:
            return 403, {}
        return 204, {}

    def _granted(self, name: str) -> dict[str, Any]:
        own = {
            "token": f"token-of-{name}",
            "site": "",
            "language": "ja",
            "time_zone": "Asia/Tokyo",
            "display_name": name,
        }
        return {**own, "cases": self.cases, "start_at": None}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        self._route({})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        form = {key: values[0] for key, values in parse_qs(raw.decode()).items()}
        self._route(form if "json" not in self.headers.get("Content-Type", "") else json.loads(raw or b"{}"))

    def _route(self, body: dict[str, Any]) -> None:
        site, url = self.server.site, urlsplit(self.path)
        site.asked.append((self.headers["Host"], url.path, self.headers.get("Authorization", "")))
        if site.is_away:
            self._send(503, {})
            return
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if url.path.startswith("/internal/notebooks/"):
            allowed = bearer == site.service_token
            self._send(*(site.answer(url.path.rpartition("/")[2], body) if allowed else (401, {})))
        elif url.path.startswith("/api/v1/notebook-copies/"):
            copy = site.copies.get((bearer, url.path.rpartition("/")[2]))
            refused = (401, {}) if bearer in site.ended_tokens else (404, {"detail": "見つかりません <b>"})
            self._send(*((200, copy) if copy else refused))
        elif url.path == "/identity/o/authorize":
            self._authorise({key: values[0] for key, values in parse_qs(url.query).items()})
        elif url.path == "/identity/o/api/token":
            self._send(200, {"access_token": body["code"], "token_type": "Bearer", "scope": "openid profile notebooks"})
        elif url.path == "/identity/o/api/userinfo":
            known = {"sub": bearer[1:], "hub_name": bearer, "name": bearer, "groups": site.groups.get(bearer, [])}
            known["locale"] = site.languages.get(bearer, "ja")
            self._send(*((401, {}) if bearer in site.deactivated else (200, known)))
        else:
            self._send(200, {"this is": "the site", "path": url.path, "cookie": self.headers.get("Cookie", "")})

    def _authorise(self, query: dict[str, str]) -> None:
        cookies = dict(pair.strip().split("=", 1) for pair in self.headers.get("Cookie", "").split(";") if "=" in pair)
        if SESSION not in cookies:
            self._send(403, {"error": "nobody is signed in"})
            return
        back = urlencode({"code": cookies[SESSION], "state": query["state"]})
        self._send(302, {}, Location=f"{query['redirect_uri']}?{back}")

    def _send(self, status: int, body: dict[str, Any], **headers: str) -> None:
        data = b"" if status == 204 else json.dumps(body).encode()
        self.send_response(status)
        length = {} if status == 204 else {"Content-Length": str(len(data))}
        for name, value in {"Content-Type": "application/json", **length, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass

    def address_string(self) -> str:
        return "proxy"


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 128
    site: StandIn


@contextmanager
def serving(site: StandIn, path: Path) -> Iterator[None]:
    """Answer at the socket where the site's pages are expected."""
    path.unlink(missing_ok=True)
    with _Server(str(path), _Handler) as server:
        server.site = site
        path.chmod(0o666)  # The proxy may run as another user.
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
