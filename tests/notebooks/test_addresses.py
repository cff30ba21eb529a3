"""One port, a host for each trust: which address answers what."""

import contextlib
import http.client
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.notebooks.machine import Machine, Visitor

_LISTENING = "0A"


@pytest.fixture
def learner(somebodys: Machine) -> Iterator[Visitor]:
    """u42, her notebook open."""
    with Visitor(somebodys, "u42") as visitor:
        visitor.open_notebook("u42")
        yield visitor


def ask(machine: Machine, host: str, path: str) -> tuple[int, str]:
    """Ask the one port under this name."""
    connection = http.client.HTTPConnection("127.0.0.1", machine.port, timeout=20)
    connection.request("GET", path, headers={"Host": f"{host}:{machine.port}"})
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_no_notebook_and_no_hub_answers_on_the_sites_host(somebodys: Machine, learner: Visitor) -> None:
    for path in ("/hub/login", "/user/u42/lab", "/user/u42/api", "/hub/api/users", "/%2e%2e/nb.localhost/hub/login"):
        status, text = ask(somebodys, "127.0.0.1", path)
        assert (status, json.loads(text)["this is"]) == (200, "the site"), path


def test_the_site_answers_on_no_host_of_notebooks(somebodys: Machine, learner: Visitor) -> None:
    for host in ("nb.localhost", "u42.nb.localhost", "u43.nb.localhost", "elsewhere.example"):
        _, text = ask(somebodys, host, "/cohorts/")
        assert "the site" not in text, host


def test_each_learner_has_a_host_of_her_own(somebodys: Machine, learner: Visitor) -> None:
    assert learner.get(f"{somebodys.server_url('u42')}/api").json()["version"]
    assert ask(somebodys, "nb.localhost", "/user/u42/api")[1] != ask(somebodys, "u42.nb.localhost", "/user/u42/api")[1]


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
def test_a_quick_answer_to_something_sent_is_not_lost(machine: Machine, connection: str) -> None:
    """Without kept connections the proxy turned every third of these into 503."""
    headers = {"Authorization": f"Bearer {machine.site.service_token}", "Connection": connection}
    with Visitor(machine) as hub:
        sent = [
            hub.post(f"{machine.site_url}/internal/notebooks/stopped", headers=headers, json={}) for _ in range(100)
        ]

    assert Counter(answer.status_code for answer in sent) == {204: 100}


def test_nothing_but_the_public_port_listens(somebodys: Machine, learner: Visitor) -> None:
    own = set().union(*(_sockets(folder) for folder in Path("/proc").glob("[0-9]*") if _belongs(folder, somebodys)))
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ports = {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == _LISTENING and row[9] in own}

    assert ports == {somebodys.port}


def _belongs(folder: Path, machine: Machine) -> bool:
    """Whether a process is a part of the machine or was started by one."""
    parts = {str(process.pid) for process in machine.processes.values()}
    pid = folder.name
    while pid not in (*parts, "0", ""):
        with contextlib.suppress(OSError):
            pid = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
            continue
        pid = ""
    return pid in parts


def _sockets(folder: Path) -> set[str]:
    with contextlib.suppress(OSError):
        targets = [str(path.readlink()) for path in (folder / "fd").iterdir()]
        return {target[len("socket:[") : -1] for target in targets if target.startswith("socket:[")}
    return set()


def test_the_hubs_api_asks_for_a_token(somebodys: Machine) -> None:
    assert somebodys.hub_api("GET", "/users", token="wrong").status_code == 403
    assert somebodys.hub_api("GET", "/users").status_code == 200
    assert somebodys.hub_api("POST", "/users/u77").status_code == 403, "the site's token makes nobody"
    assert somebodys.hub_api("POST", "/users/u42/tokens").status_code in (403, 404), "and no tokens of others"
