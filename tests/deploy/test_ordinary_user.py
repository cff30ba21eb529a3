"""From nothing, as a stranger would: a fresh clone in a closed home, an ordinary account, `make run`."""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from campus.environment import Environment
from campus.stack.notebooks.places import keeper_socket
from campus.stack.notebooks.spawner import ask
from tests import stack

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("deploy")]
_NAME = "manabiai-test"
_PROBE = ["python3", "-c", "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"]


@pytest.fixture
def stranger() -> Iterator[pwd.struct_passwd]:
    """An account made for this test, its home closed to everybody else."""
    if os.geteuid() != 0 or not shutil.which("useradd"):
        pytest.skip("only root can make another account")
    subprocess.run(["useradd", "--create-home", _NAME], check=True)
    try:
        account = pwd.getpwnam(_NAME)
        Path(account.pw_dir).chmod(0o700)
        if _as(account, _PROBE).wait():
            pytest.skip("an ordinary account has no Python 3.11 with venv here")
        yield account
    finally:
        subprocess.run(["userdel", "--remove", "--force", _NAME], capture_output=True, check=True)


def test_make_run_needs_nothing_but_a_clone(stranger: pwd.struct_passwd) -> None:
    clone, port = Path(stranger.pw_dir) / "clone", stack.free_port()
    subprocess.run(["git", "clone", "-q", "--no-local", str(stack.ROOT), str(clone)], check=True)
    subprocess.run(["chown", "-R", f"{_NAME}:", str(clone)], check=True)

    output = clone / "output"
    process = _as(stranger, ["make", "run"], folder=clone, output=output, PORT=str(port), SIZE="12")
    site = stack.RunningSite(f"http://127.0.0.1:{port}", clone / "var", process.pid, output, process=process)
    try:
        stack.wait_until_ready(site, seconds=900)
        assert site.health()[0] == 200
        assert _keeper(clone / "var") == {"ready": True, "reason": "", "servers": 0}
        assert {path.owner() for path in (clone / "var").rglob("*")} == {_NAME}
    finally:
        os.killpg(process.pid, signal.SIGINT)  # What Ctrl-C does: make and `campus up` both get it.
        process.wait(timeout=90)

    assert _processes_of(stranger.pw_uid) == []


def _keeper(data_dir: Path) -> dict[str, Any]:
    """Whether notebooks can be isolated for this user; root may ask anybody's."""
    return ask(keeper_socket(Environment(data_dir=data_dir)), {"do": "ready"})


def _as(
    account: pwd.struct_passwd,
    command: list[str],
    *,
    folder: Path | None = None,
    output: Path | None = None,
    **more: str,
) -> subprocess.Popen[bytes]:
    own = {"HOME": account.pw_dir, "USER": account.pw_name, "PATH": "/usr/local/bin:/usr/bin:/bin"}
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("DATA_DIR", "LOG_", "MANABIAI", "DJANGO"))
    }
    with open(output or os.devnull, "wb") as log:
        return subprocess.Popen(
            command,
            cwd=folder or account.pw_dir,
            env=kept | own | more,
            stdout=log,
            stderr=log,
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
            start_new_session=True,
        )


def _processes_of(uid: int) -> list[str]:
    owned = [folder for folder in Path("/proc").glob("[0-9]*") if folder.exists() and folder.stat().st_uid == uid]
    return [(folder / "cmdline").read_text() for folder in owned]
