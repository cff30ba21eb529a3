"""Proxy, Hub and keeper as `campus up` starts them, without database and site; and people with browsers in front."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from campus.stack.notebooks.places import as_url, hub_socket, keeper_socket
from campus.stack.notebooks.spawner import ask
from campus.stack.secrets import secret
from campus.stack.servers import web_socket
from campus.stack.sockets import make_socket_folder
from tests.notebooks.ordinary import User
from tests.notebooks.stand_in import SESSION, StandIn, serving
from tests.stack import free_port, wait

PARTS = ("proxy", "notebooks", "hub")
PUBLIC_FILE = "sales.csv"


@dataclass
class Machine:
    """Everything that notebooks are made of, running."""

    data_dir: Path
    port: int
    site: StandIn
    settings: dict[str, str]
    user: User | None = None
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def hub_url(self) -> str:
        return f"http://nb.localhost:{self.port}"

    @property
    def site_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def server_url(self, name: str) -> str:
        return f"http://{name}.nb.localhost:{self.port}/user/{name}"

    def start(self, part: str) -> None:
        """Start a part as the supervisor does."""
        with open(self.data_dir / f"{part}.log", "ab") as log:
            python = str(self.user.clone / ".venv/bin/python") if self.user else sys.executable
            options = self.user.options if self.user else {}
            command = [python, "-m", "campus.command", part]
            self.processes[part] = subprocess.Popen(command, env=self.settings, stdout=log, stderr=log, **options)

    def kill(self, part: str) -> None:
        """End a part outright, as an accident does."""
        self.processes[part].send_signal(signal.SIGKILL)
        self.processes[part].wait()

    def wait_until_up(self) -> None:
        """Return when Hub and proxy answer and the keeper knows whether it can isolate."""
        wait(lambda: self.hub_is_up() and self.keeper({"do": "ready"}), 180, "Hub, proxy and keeper are up")

    def hub_is_up(self) -> bool:
        """Whether the Hub answers through the proxy."""
        try:
            with Visitor(self) as visitor:
                return visitor.get(f"{self.hub_url}/hub/health").status_code == 200
        except httpx.TransportError:
            return False

    def keeper(self, order: dict[str, Any]) -> dict[str, Any]:
        """What the keeper answers; nothing where it is away."""
        from campus.environment import Environment

        try:
            return ask(keeper_socket(Environment(data_dir=self.data_dir)), order)
        except OSError:
            return {}

    def hub_api(self, method: str, path: str, *, token: str = "") -> httpx.Response:
        """Ask the Hub's REST API as the site does."""
        bearer = token or secret(self.data_dir, "hub-api-token")
        with Visitor(self) as visitor:
            return visitor.request(
                method, f"{self.hub_url}/hub/api{path}", headers={"Authorization": f"token {bearer}"}
            )


class _Here(httpx.HTTPTransport):
    """Takes every host name for this machine, as browsers do with names below localhost."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        here = httpx.Request(
            request.method,
            request.url.copy_with(host="127.0.0.1"),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return super().handle_request(here)


class Visitor(httpx.Client):
    """Somebody's browser: follows redirects, keeps cookies by host. `person` is who is signed in at the site."""

    def __init__(self, machine: Machine, person: str = "") -> None:
        super().__init__(transport=_Here(), follow_redirects=True, timeout=60)
        self.machine = machine
        if person:
            self.sign_in(person)

    def sign_in(self, person: str) -> None:
        """Be this person at the site from now on."""
        self.cookies.set(SESSION, person, domain="127.0.0.1")

    def enter(self, name: str, path: str = "/hub/user-redirect/lab") -> httpx.Response:
        """Come from the site's launch page."""
        return self.get(f"{self.machine.hub_url}/hub/enter", params={"name": name, "next": path})

    def open_notebook(self, name: str, *, seconds: float = 120) -> float:
        """Open the own server and wait until JupyterLab's page is there; how many seconds it took."""
        began = time.monotonic()
        answer = self.enter(name)
        while not (answer.url.host.startswith(name) and answer.status_code == 200):
            assert answer.status_code in (200, 424, 503), answer.text
            assert time.monotonic() - began < seconds, f"after {seconds} s still at {answer.url}: {answer.text[:2000]}"
            time.sleep(0.3)
            # "Closed" has a button to start it; all other pages on the way load themselves anew.
            answer = self.enter(name) if answer.status_code == 424 else self.get(answer.url)
        return time.monotonic() - began


@contextlib.contextmanager
def running(data_dir: Path, *, user: User | None = None, **settings: str) -> Iterator[Machine]:
    """The parts, for the time of a block, started by whoever runs the tests or by `user`."""
    port = free_port()
    data_dir.mkdir(parents=True)
    data_dir.chmod(0o711)
    environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "SITE_URL"}}
    environment |= {"DATA_DIR": str(data_dir), "PORT": str(port), "NOTEBOOKS": "on", "LOG_LEVEL": "INFO", **settings}
    site = StandIn(secret(data_dir, "hub-service-token"), cases=[_case(data_dir)])
    machine = Machine(data_dir, port, site, environment, user)
    make_socket_folder(data_dir, "site")
    if user:
        environment["HOME"] = user.account.pw_dir
        subprocess.run(["chown", "-R", f"{user.account.pw_uid}:{user.account.pw_gid}", str(data_dir)], check=True)
    with serving(site, web_socket(data_dir)):
        try:
            for part in PARTS:
                machine.start(part)
            machine.wait_until_up()
            yield machine
        finally:
            for process in machine.processes.values():
                process.terminate()
            for process in machine.processes.values():
                process.wait(30)


def _case(data_dir: Path) -> dict[str, Any]:
    """An installed case, closed to others as the site leaves it, with its truth beside the public data."""
    build = data_dir / "cases/demand-1.0.0/build"
    for folder, text in (("public", "id,sales\n1,10\n"), ("truth", "id,sales\n2,20\n")):
        (build / folder).mkdir(parents=True, mode=0o700)
        (build / folder / PUBLIC_FILE).write_text(text)
        (build / folder / PUBLIC_FILE).chmod(0o600)
    return {
        "case": "spring/demand-forecasting",
        "folder": "demand-forecasting",
        "title": {"ja": "需要予測", "en": "Demand"},
        "version": "1.0.0",
        "data": str(build / "public"),
        "starters": None,
    }


def hub_address(data_dir: Path) -> str:
    """The Hub's own socket, as an address."""
    return as_url(hub_socket(data_dir))


def printed(machine: Machine) -> str:
    """The end of every part's log, for a failure's message."""
    return json.dumps({part: (machine.data_dir / f"{part}.log").read_text()[-3000:] for part in PARTS}, indent=1)
