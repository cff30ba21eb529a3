"""A Hub in small: what its REST API answers about servers, and what it was asked. It checks the site's token."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


class SmallHub(ThreadingHTTPServer):
    """``running`` are the names of those who have a server; ``asked`` the requests as "METHOD path"."""

    def __init__(self, *, token: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.token = token
        self.running: list[str] = []
        self.asked: list[str] = []
        self.is_broken = False
        self.hosts: set[str] = set()

    @property
    def url(self) -> str:
        """As browsers call it."""
        return f"http://nb.localhost:{self.server_address[1]}"

    def start(self) -> None:
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    server: SmallHub

    def do_GET(self) -> None:
        if not self._is_fine():
            return
        path = urlsplit(self.path)
        name = path.path.removeprefix("/hub/api/users/")
        if path.path == "/hub/api/":
            self._answer(200, {"version": "6"})
        elif path.path == "/hub/api/users":
            self._answer(200, self._page(parse_qs(path.query)))
        elif name in self.server.running:
            self._answer(200, {"name": name, "servers": {"": {"ready": True}}})
        else:
            self._answer(404, {"status": 404})

    def _page(self, query: dict[str, list[str]]) -> dict[str, Any]:
        """As JupyterHub pages: at most 2 here, so that following pages is tried."""
        assert query["state"] == ["active"]
        offset, limit = int(query.get("offset", ["0"])[0]), min(2, int(query["limit"][0]))
        names = self.server.running[offset : offset + limit]
        more = offset + limit < len(self.server.running)
        following = {"offset": offset + limit, "limit": limit} if more else None
        return {
            "items": [{"name": name, "servers": {"": {}}} for name in names],
            "_pagination": {"total": len(self.server.running), "next": following},
        }

    def do_DELETE(self) -> None:
        if not self._is_fine():
            return None
        name = self.path.removeprefix("/hub/api/users/").removesuffix("/server")
        if name not in self.server.running:
            return self._answer(404, {"status": 404})
        self.server.running.remove(name)
        return self._answer(204, None)

    def _is_fine(self) -> bool:
        self.server.asked.append(f"{self.command} {self.path}")
        self.server.hosts.add(self.headers["Host"])
        if self.server.is_broken:
            self._answer(503, {"status": 503})
            return False
        if self.headers["Authorization"] != f"token {self.server.token}":
            self._answer(403, {"status": 403})
            return False
        return True

    def _answer(self, status: int, body: Any) -> None:
        self.send_response(status)
        self.end_headers()
        if body is not None:
            self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_args: Any) -> None:
        """Tests have no log of requests."""
