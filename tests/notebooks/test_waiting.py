"""What people read while they wait: that a server starts, and that every place is taken."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from campus.stack.notebooks import hub
from tests.notebooks.machine import Machine, Visitor, running
from tests.stack import wait

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("notebooks")]


@pytest.mark.skipif(bool(hub.missing()), reason=hub.missing())
def test_a_full_machine_says_so_and_a_place_that_gets_free_is_given(tmp_path: Path) -> None:
    with (
        running(tmp_path / "var", NOTEBOOK_SERVERS="1") as machine,
        ThreadPoolExecutor(1) as listener,
        Visitor(machine, "u1") as first,
        Visitor(machine, "u2") as second,
    ):
        starting = first.enter("u1")
        assert "ノートブックを起動しています" in starting.text
        told = listener.submit(progress, machine, first)

        full = second.enter("u2")
        assert full.status_code == 429
        assert "同時に使える人数（1人）に達しているため" in full.text
        assert "At most 1 people can use notebooks at the same time" in full.text
        assert '<meta http-equiv="refresh" content="30">' in full.text

        assert any("起動しています" in one.get("html_message", "") for one in told.result(120))
        first.open_notebook("u1")
        machine.hub_api("DELETE", "/users/u1/server")
        wait(lambda: second.get(full.url).status_code == 200, 90, "the page's next try gets the place")


def progress(machine: Machine, visitor: Visitor) -> list[dict[str, str]]:
    """What the waiting page is told of the own server, until it runs."""
    guard = next(one.value for one in visitor.cookies.jar if one.name == "_xsrf" and one.domain.startswith("nb"))
    headers = {"Accept": "text/event-stream", "X-XSRFToken": str(guard)}
    with visitor.stream("GET", f"{machine.hub_url}/hub/api/users/u1/server/progress", headers=headers) as stream:
        lines = [line for line in stream.iter_lines() if line.startswith("data: ")]
    return [json.loads(line.removeprefix("data: ")) for line in lines]
