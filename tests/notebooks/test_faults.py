"""What a learner notices when a part ends: the Hub, the proxy, the site, the keeper."""

import os
import signal

import httpx
import pytest

from tests.notebooks.kernel import Kernel
from tests.notebooks.machine import Machine, Visitor
from tests.stack import wait


@pytest.fixture
def at_work(machine: Machine, learner: Visitor) -> Kernel:
    """A kernel with something in its memory."""
    kernel = Kernel(learner, "u42")
    kernel.run("kept = 'still here'")
    return kernel


def answers(learner: Visitor) -> bool:
    """Whether the open notebook's server is reached by its own address."""
    try:
        answer = learner.get(f"{learner.machine.server_url('u42')}/api", follow_redirects=False)
    except httpx.TransportError:
        return False
    return answer.status_code == 200


def test_an_open_notebook_works_on_while_the_hub_is_away(machine: Machine, learner: Visitor, at_work: Kernel) -> None:
    machine.kill("hub")

    assert at_work.run("print(kept)") == "still here\n"
    assert learner.get(f"{machine.hub_url}/hub/home").status_code == 503, "a page that gives way by itself"

    machine.start("hub")
    wait(machine.hub_is_up, 60, "the Hub is back")
    assert at_work.run("print(kept)") == "still here\n"
    assert learner.get(f"{machine.server_url('u42')}/lab").status_code == 200
    assert [user["name"] for user in machine.hub_api("GET", "/users?state=active").json()].count("u42") == 1
    learner.open_notebook("u42")
    assert at_work.run("print(kept)") == "still here\n", "the same server, not a new one"


def test_after_the_proxy_kernels_are_there_and_routes_come_back(
    machine: Machine, learner: Visitor, at_work: Kernel
) -> None:
    machine.kill("proxy")
    machine.start("proxy")

    wait(lambda: answers(learner), 60, "the notebook is reached again")
    assert at_work.run("print(kept)") == "still here\n"
    assert learner.get(f"{machine.site_url}/").json()["this is"] == "the site"


def test_nobody_takes_the_hubs_place_while_it_is_away(machine: Machine, at_work: Kernel) -> None:
    """Where the Hub listens lies in a folder that sandboxes can only read."""
    machine.kill("hub")
    try:
        told = at_work.run(
            "import socket, os\n"
            "try:\n"
            "    os.remove('/run/manabiai/hub.sock')\n"
            "    socket.socket(socket.AF_UNIX).bind('/run/manabiai/hub.sock')\n"
            "    print('taken')\n"
            "except OSError as error:\n"
            "    print(type(error).__name__)"
        )
    finally:
        machine.start("hub")
        wait(machine.hub_is_up, 60, "the Hub is back")

    assert told in ("PermissionError\n", "OSError\n")


def test_a_keeper_that_ends_takes_the_servers_along_and_they_start_again(machine: Machine) -> None:
    with Visitor(machine, "u62") as learner:
        learner.open_notebook("u62")
        machine.kill("notebooks")
        machine.start("notebooks")
        wait(lambda: machine.keeper({"do": "ready"}).get("ready"), 60, "the keeper is back")
        wait(lambda: not machine.hub_api("GET", "/users/u62").json()["servers"], 60, "the Hub knows")

        learner.open_notebook("u62")


def test_the_site_away_signs_nobody_out(machine: Machine, learner: Visitor, at_work: Kernel) -> None:
    """Kernels need no site. Whoever starts a server meanwhile is told to try again."""
    machine.site.is_away = True
    try:
        assert at_work.run("print(kept)") == "still here\n"
        with Visitor(machine, "u42") as other_browser:
            assert other_browser.enter("u42").status_code == 503
        assert learner.get(f"{machine.hub_url}/hub/user/u42/lab").status_code == 200
    finally:
        machine.site.is_away = False


def test_no_server_outlives_a_stop(machine: Machine) -> None:
    """The parts end in any order: sandboxes go with the keeper, at once."""
    with Visitor(machine, "u63") as learner:
        learner.open_notebook("u63")
        keeper = machine.processes["notebooks"]
        children = _children(keeper.pid)
        assert children

        keeper.send_signal(signal.SIGTERM)
        keeper.wait(20)
        wait(lambda: not any(_runs(pid) for pid in children), 30, "every sandbox has ended")

        machine.start("notebooks")
        wait(lambda: machine.keeper({"do": "ready"}).get("ready"), 60, "the keeper is back")


def _children(pid: int) -> set[int]:
    direct = {int(one) for one in open(f"/proc/{pid}/task/{pid}/children").read().split()}  # noqa: SIM115
    return direct | {one for child in direct for one in _children(child)}


def _runs(pid: int) -> bool:
    return os.path.exists(f"/proc/{pid}")  # noqa: PTH110
