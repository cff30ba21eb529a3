"""The Hub as the site asks it by its REST API: who has a server, and please stop one."""

import http.client
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

TIMEOUT = 3  # seconds; a person waits
PER_REQUEST = 200  # the Hub's own limit
_PAGED = "application/jupyterhub-pagination+json"


class HubAway(Exception):
    """The Hub doesn't answer, or not as it should."""


@dataclass(frozen=True)
class Room:
    """How many servers run (or start), and how many may."""

    running: int
    limit: int

    @property
    def is_left(self) -> bool:
        return self.running < self.limit


def room() -> Room:
    """Whether another server can start now. Raises HubAway."""
    page = _asked("GET", "/users?state=active&limit=1")
    return Room(running=page["_pagination"]["total"], limit=settings.ENVIRONMENT.notebook_servers)


def has_server(name: str) -> bool:
    """Whether the person has a server that runs or starts. Raises HubAway."""
    user = _asked("GET", f"/users/{quote(name)}", allowed={404})
    return bool(user.get("servers"))


def names_with_server() -> set[str]:
    """The Hub's names of all who have a server. Raises HubAway."""
    names: set[str] = set()
    offset: int | None = 0
    while offset is not None:
        page = _asked("GET", f"/users?state=active&limit={PER_REQUEST}&offset={offset}")
        names |= {user["name"] for user in page["items"]}
        offset = (page["_pagination"]["next"] or {}).get("offset")
    return names


def stop_server(name: str) -> None:
    """Stop the person's server; harmless where there is none. Raises HubAway."""
    _asked("DELETE", f"/users/{quote(name)}/server", allowed={400, 404})


def is_up() -> bool:
    """Whether the Hub answers at all."""
    try:
        _asked("GET", "/")
    except HubAway:
        return False
    return True


def _asked(method: str, path: str, *, allowed: Collection[int] = ()) -> dict[str, Any]:
    """The answer as JSON; empty for a status that is allowed though it is none of success."""
    public = urlsplit(settings.NOTEBOOK_URL)
    headers = {"Host": public.netloc, "Authorization": f"token {settings.HUB_API_TOKEN}", "Accept": _PAGED}
    connection = _connection(public.scheme, _host(public.hostname or ""), public.port)
    try:
        connection.request(method, f"/hub/api{path}", headers=headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status in allowed:
            return {}
        if not 200 <= answer.status < 300:
            raise HubAway(f"{method} {path} was answered by {answer.status}")
        found: dict[str, Any] = json.loads(text) if text else {}
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise HubAway(f"{method} {path}: {type(error).__name__}") from error
    else:
        return found
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    return kind(host, port, timeout=TIMEOUT)


def _host(host: str) -> str:
    """Names below localhost are this machine; browsers know that, not every resolver does."""
    return "127.0.0.1" if host == "localhost" or host.endswith(".localhost") else host
