"""`campus up`: comes up, keeps data, heals, and leaves nothing behind."""

import os
import signal
import socket
from pathlib import Path

import pytest

from tests import stack

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("deploy")]
EVERYTHING_UP = dict.fromkeys(("database", "migrations", "web", "live", "workers", "runner", "hub"), "up")
PARTS = {"postgres", "web", "live", "worker-1", "worker-2", "runner", "notebooks", "hub", "proxy"}


def test_every_part_is_up_behind_one_port(own_site: stack.RunningSite) -> None:
    assert own_site.health() == (200, EVERYTHING_UP)
    assert set(own_site.processes()) == PARTS


def test_only_the_public_port_is_listened_on(own_site: stack.RunningSite) -> None:
    port = int(own_site.url.rpartition(":")[2])
    own = _sockets_of(set(own_site.processes().values()) | {own_site.pid})

    assert own == {("127.0.0.1", port)}


@pytest.mark.parametrize("part", ["web", "live", "worker-1", "runner", "notebooks", "hub", "proxy", "postgres"])
def test_a_killed_part_is_started_again(own_site: stack.RunningSite, part: str) -> None:
    before = own_site.processes()[part]

    os.kill(before, signal.SIGKILL)

    stack.wait(lambda: own_site.processes().get(part, before) != before, 60, f"{part} runs again")
    stack.wait(lambda: own_site.health() == (200, EVERYTHING_UP), 60, "everything is up again")
    stack.wait(lambda: f"{part} had ended" in own_site.output.read_text(), 10, "it was told")


def test_a_second_start_on_the_same_data_is_refused_in_words(own_site: stack.RunningSite) -> None:
    second = stack.start(own_site.data_dir, "--without-demo")
    stack.wait(second.ended, 30, "it has ended")

    assert second.output.read_text() == (
        f"campus up: Manabiai is already running with {own_site.data_dir} (process {own_site.pid}).\n"
    )


def test_the_demo_with_its_public_passwords_is_served_to_nobody_else(tmp_path: Path) -> None:
    site = stack.start(tmp_path / "var", BIND="0.0.0.0")  # noqa: S104
    stack.wait(site.ended, 30, "it has ended")

    assert "--without-demo" in site.output.read_text()
    assert not (tmp_path / "var").exists()


def test_a_taken_port_is_told_in_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        site = stack.start(tmp_path / "var", "--without-demo", PORT=str(port))
        stack.wait(site.ended, 30, "it has ended")

    assert site.output.read_text() == (
        f"campus up: Port {port} on 127.0.0.1 is in use by another program. "
        f"Stop that one, or choose another port: PORT={port + 1} make run\n"
    )


def test_data_is_closed_to_others(own_site: stack.RunningSite) -> None:
    modes = {name: (own_site.data_dir / name).stat().st_mode & 0o777 for name in ("secrets", "logs", "postgres/data")}
    secrets = {path.stat().st_mode & 0o777 for path in (own_site.data_dir / "secrets").iterdir()}

    assert (modes, secrets) == ({"secrets": 0o700, "logs": 0o700, "postgres/data": 0o700}, {0o600})


def test_a_stop_leaves_no_process_and_a_second_start_keeps_the_data(own_site: stack.RunningSite) -> None:
    """The last of its folder: it ends the site that the others share."""
    data_dir = own_site.data_dir
    assert len(stack.processes_naming(str(data_dir))) > len(PARTS)
    own_site.campus("shell", "-v0", "-c", _MAKE_NOTE)

    assert own_site.stop(signal.SIGINT) == 0
    assert stack.processes_naming(str(data_dir)) == []

    with stack.running(data_dir, "--without-demo") as site:
        assert site.campus("shell", "-v0", "-c", _READ_NOTE) == "kept\n"

        os.kill(site.pid, signal.SIGKILL)
        stack.wait(lambda: stack.processes_naming(str(data_dir)) == [], 60, "nothing outlives a start killed outright")


_MAKE_NOTE = "from django.contrib.auth.models import Group; Group.objects.create(name='kept')"
_READ_NOTE = "from django.contrib.auth.models import Group; print(Group.objects.get().name)"


def _sockets_of(processes: set[int]) -> set[tuple[str, int]]:
    """Return the addresses that these processes and their children listen on by TCP."""
    family = processes | {child for process in processes for child in _children(process)}
    inodes = {link for process in family for link in _links(process)}
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = [(row[1], row[9]) for row in rows if row[3] == "0A"]
    return {_address(address) for address, inode in listening if f"socket:[{inode}]" in inodes}


def _children(process: int) -> set[int]:
    direct = {int(pid) for path in Path(f"/proc/{process}/task").glob("*/children") for pid in path.read_text().split()}
    return direct | {pid for child in direct for pid in _children(child)}


def _links(process: int) -> set[str]:
    return {str(path.readlink()) for path in Path(f"/proc/{process}/fd").iterdir() if path.is_symlink()}


def _address(text: str) -> tuple[str, int]:
    address, port = text.split(":")
    return socket.inet_ntoa(bytes.fromhex(address)[::-1]), int(port, 16)
