"""Extension of a Jupyter server: `/manabiai/open/<path>` opens what the site leads to, `…/copies/<ticket>` a copy.

A learner may have moved or deleted the notebook that the site leads to: then its folder opens. A copy is brought home
from the site first.

The site gives the ticket to whoever may read the notebook, for her alone: an address made by somebody else fetches
nothing. With MANABIAI_IDLE_SECONDS, a server that nobody uses ends. Needs jupyter_server, which brings it; started by
`--ServerApp.jpserver_extensions`, see deploy/hub.
"""

import asyncio
import html
import json
import os
from pathlib import Path, PurePosixPath
from string import Template
from typing import Any
from urllib.parse import quote

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web
from tornado.httpclient import HTTPClientError, HTTPRequest, HTTPResponse
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from manabiai.copies import MOST_BYTES, CannotKeep, keep_copy
from manabiai.idle import Idle
from manabiai.words import default_language, say

_TICKET = r"[\w:-]{1,300}"
_SECONDS = 30
_PAGE = Template(Path(__file__).with_name("copy_failed.html").read_text(encoding="utf-8"))


class _NotCopied(Exception):
    """Told to the learner in her language, with this status, and a button that helps: its words, where it leads."""

    def __init__(self, status: int, detail: str, *, act: str = "copy_again", leads_to: str = "") -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.act = act
        self.leads_to = leads_to


class OpenHandler(JupyterHandler):
    """Leads to the file, or to the nearest folder that is there: JupyterLab answers what is gone with an error."""

    auth_resource = "contents"

    def initialize(self, home: Path) -> None:
        self.home = home

    @web.authenticated
    @authorized
    async def get(self, asked: str) -> None:
        there = await asyncio.to_thread(_nearest, self.home, asked)
        self.redirect(url_path_join(self.base_url, "lab/tree", quote(there)))


def _nearest(home: Path, asked: str) -> str:
    """The part of the path below the home that is there; empty for the home itself.

    Before a notebook comes its twin in the learner's language, which is there where she changed her language.
    """
    path = PurePosixPath(asked)
    if path.is_absolute() or ".." in path.parts:
        return ""
    twin = [path.with_name(f"{path.stem}-{default_language()}{path.suffix}")] if path.suffix == ".ipynb" else []
    return next((str(one) for one in (*twin, path, *path.parents) if one.parts and (home / one).exists()), "")


class CopyHandler(JupyterHandler):
    """Fetches, writes, opens. It changes nothing on the site, and the ticket says that the reader asked for it."""

    auth_resource = "contents"

    def initialize(self, home: Path) -> None:
        self.home = home

    @web.authenticated
    @authorized
    async def get(self, ticket: str) -> None:
        try:
            path = await self._keep(await _fetched(ticket))
        except _NotCopied as problem:
            self._tell(problem)
        else:
            self.redirect(url_path_join(self.base_url, "lab/tree", quote(path.as_posix())))

    async def _keep(self, told: dict[str, Any]) -> Path:
        try:
            parts = {name: told[name] for name in ("folder", "name", "notebook")}
            return await asyncio.to_thread(keep_copy, self.home, **parts)
        except (OSError, CannotKeep) as error:
            self.log.warning("a copy could not be written: %s", error)
            raise _NotCopied(507, _say("copy_not_written")) from error

    def _tell(self, problem: _NotCopied) -> None:
        self.set_status(problem.status)
        texts = {
            "title": _say("copy_failed"),
            "detail": problem.detail,
            "act": _say(problem.act),
            "leads_to": problem.leads_to,
            "back": _say("copy_back"),
            "language": default_language(),
            "lab": url_path_join(self.base_url, "lab"),
            "site": _site(),
        }
        self.finish(_PAGE.substitute({name: html.escape(text) for name, text in texts.items()}))


async def _fetched(ticket: str) -> dict[str, Any]:
    """What the site answers for the ticket, to this server's own token. Raises _NotCopied."""
    url = f"{os.environ['MANABIAI_URL']}/api/v1/notebook-copies/{quote(ticket, safe=':')}"
    headers = {"Authorization": f"Bearer {os.environ['MANABIAI_TOKEN']}", "Accept-Language": default_language()}
    request = HTTPRequest(url, headers=headers, request_timeout=_SECONDS, follow_redirects=False)
    client = SimpleAsyncHTTPClient(force_instance=True, max_body_size=MOST_BYTES)
    try:
        answer = await client.fetch(request, raise_error=False)
    except (OSError, HTTPClientError) as error:
        raise _NotCopied(502, _say("copy_site_away")) from error
    finally:
        client.close()
    return _read(answer)


def _read(answer: HTTPResponse) -> dict[str, Any]:
    if answer.code == 401:
        hub = os.environ.get("JUPYTERHUB_HOST", "") + os.environ.get("JUPYTERHUB_BASE_URL", "/")
        raise _NotCopied(409, _say("copy_token_over"), act="copy_restart", leads_to=f"{hub}hub/home")
    try:
        told: dict[str, Any] = json.loads(answer.body or b"")
    except ValueError:
        raise _NotCopied(502, _say("copy_site_away")) from None
    if answer.code == 200:
        return told
    if answer.code >= 500:
        raise _NotCopied(502, _say("copy_site_away"))
    refused = str(told.get("detail", _say("copy_site_away")))
    raise _NotCopied(answer.code, refused, act="copy_to_site", leads_to=_site())


def _site() -> str:
    """The site's first page, as browsers reach it."""
    return os.environ.get("MANABIAI_PUBLIC_URL", os.environ["MANABIAI_URL"]) + "/"


def _say(key: str) -> str:
    return say(key, default_language())


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Called by jupyter_server at its start."""
    if seconds := os.environ.get("MANABIAI_IDLE_SECONDS"):
        Idle(app, seconds=float(seconds)).watch()
    pages = ((f"copies/({_TICKET})", CopyHandler), ("open/(.+)", OpenHandler))
    base, home = app.web_app.settings["base_url"], {"home": Path(app.root_dir)}
    app.web_app.add_handlers(".*$", [(url_path_join(base, "manabiai", path), page, home) for path, page in pages])
