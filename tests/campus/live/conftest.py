"""A live process on a real socket, and small browsers that talk to it."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from django.conf import settings
from django.db import connections
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from campus.live import rights
from campus.live.hub import Hub
from campus.live.serve import server_settings
from campus.people.models import Person

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def wait_until(condition: Callable[[], object], *, seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)


class Browser:
    """Somebody's open page: a signed-in socket that keeps what it hears."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    def say(self, message: dict[str, Any]) -> None:
        self.socket.send(json.dumps(message))

    def hear(self, *, seconds: float = 5) -> dict[str, Any]:
        return json.loads(self.socket.recv(timeout=seconds))

    def follow(self, key: str, last: int | None = None) -> dict[str, Any]:
        """Subscribe and return the server's answer; use where nothing was missed."""
        self.say({"subscribe": {key: last}})
        return self.hear()

    def hear_events(self, count: int, *, seconds: float = 5) -> list[tuple[int, str]]:
        """Number and kind of the next events."""
        heard = [self.hear(seconds=seconds) for _ in range(count)]
        return [(event["seq"], event["kind"]) for event in heard]

    def hear_to_the_end(self, *, seconds: float = 20) -> tuple[list[dict[str, Any]], int | None]:
        """Everything that still comes, and the code that the server closed with (None: cut off)."""
        heard: list[dict[str, Any]] = []
        try:
            while True:
                heard.append(self.hear(seconds=seconds))
        except ConnectionClosed as closed:
            return heard, closed.rcvd.code if closed.rcvd else None

    def hears_nothing(self, *, seconds: float = 0.5) -> bool:
        try:
            self.hear(seconds=seconds)
        except TimeoutError:
            return True
        return False


class LiveServer:
    """uvicorn with the site's ASGI application in a thread of the test process."""

    def __init__(self, app: Any = "campus.asgi:application") -> None:
        config = uvicorn.Config(**server_settings(host="127.0.0.1", port=0) | {"app": app})
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run)

    def __enter__(self) -> "LiveServer":
        self.thread.start()
        wait_until(lambda: self.server.started and self.hub.is_listening)
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.should_exit = True
        self.thread.join()

    @property
    def hub(self) -> Hub:
        return self.server.lifespan.state["hub"]

    @property
    def address(self) -> str:
        host, port = self.server.servers[0].sockets[0].getsockname()
        return f"{host}:{port}"

    def open(self, session: str = "", **options: Any) -> Browser:
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"} if session else {}
        options = {"origin": f"http://{self.address}", "additional_headers": cookie, "compression": None, **options}
        options["legacy"] = True  # It is closed by the server or with the test's thread.
        return Browser(connect(f"ws://{self.address}/ws/", **options))


@pytest.fixture
def server(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    with LiveServer() as running:
        yield running


@pytest.fixture
def readers() -> Iterator[set[int]]:
    """Who may read the streams "probe:…"; every other prefix of the site is left as it is."""
    allowed: set[int] = set()
    rights.readable("probe")(lambda person, _id: person.pk in allowed)
    yield allowed
    del rights._predicates["probe"]


def _person(name: str) -> Person:
    return Person.objects.create_user(f"{name}@example.org", name=name)


@pytest.fixture
def aki(db: None, readers: set[int]) -> Person:
    """A learner who may read the probe streams."""
    person = _person("aki")
    readers.add(person.pk)
    return person


@pytest.fixture
def stranger(db: None, readers: set[int]) -> Person:
    """Somebody with an account who may not."""
    return _person("stranger")


def sign_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def session_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def page(server: LiveServer, aki: Person) -> Iterator[Browser]:
    """Aki's open page."""
    browser = server.open(session_of(sign_in(aki)))
    yield browser
    browser.socket.close()
