"""Runners for tests, started as root and as an ordinary user, and the tiny case with every kind."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from grader.contract import Kind, Plane
from grader.kinds import KINDS
from grader.pack import Build, Pack
from grader.pack.form import ModelForm, ModelInput, RunLimits
from grader.runner import client
from grader.runner.client import Execution
from grader.runner.private import runner_python

ROOT = Path(__file__).parents[2]
ACCOUNT = f"manabiai-grading-{os.getpid()}"  # another checkout may be tested at the same time
INPUTS = (ModelInput("price", "price"), ModelInput("weekday", "date", "weekday"))
QUICK = {"seconds": 20.0, "memory_mb": 512, "output_bytes": 100_000, "files": 50, "files_mb": 5}


@dataclass(frozen=True)
class Starting:
    """How processes of the runner are started: the interpreter, and who starts them."""

    who: str
    python: str
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sandbox:
    """A running runner and what is run on it."""

    starting: Starting
    socket: Path
    pack: Pack
    build: Build

    def run(self, kind: Kind, data: bytes, *, on: Plane = Plane.SAMPLE, **limits: Any) -> Execution:
        """Run the submission under these limits."""
        runs = (RunLimits(kind=kind, bytes=10_000_000, **{**QUICK, **limits}),)
        pack = replace(self.pack, limits=replace(self.pack.limits, runs=runs))
        return client.run(kind=KINDS[kind], data=data, pack=pack, build=self.build, on=on, socket=self.socket)

    def code(self, source: str, **more: Any) -> Execution:
        """Run a program."""
        return self.run(Kind.CODE, source.encode(), **more)


def open_pack(pack: Pack) -> Pack:
    """The tiny case, taking every kind; a trial run gets 10 of its 40 rows."""
    model = ModelForm("test.csv", "columns", INPUTS)
    return replace(pack, submission=replace(pack.submission, kinds=tuple(Kind), model=model, sample_rows=10))


def as_root() -> Starting:
    """Started by root, or the test is skipped."""
    if os.geteuid() != 0:
        pytest.skip("only root can start the runner as root")
    return Starting("root", runner_python())


@contextmanager
def as_user(folder: Path) -> Iterator[Starting]:
    """Started by whoever runs the tests; by root, as an account made for it, whose home nobody else can enter."""
    if os.geteuid() != 0:
        yield Starting("user", runner_python())
        return
    with _account() as account:
        python = _own_environment(Path(account.pw_dir) / "clone", account)
        environment = {"HOME": account.pw_dir, "PATH": "/usr/local/bin:/usr/bin:/bin"}
        options = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "env": environment}
        yield Starting("user", python, {**options, "cwd": account.pw_dir})


@contextmanager
def _account() -> Iterator[pwd.struct_passwd]:
    if not shutil.which("useradd"):
        pytest.skip("no useradd to make an ordinary account")
    subprocess.run(["userdel", "--remove", "--force", ACCOUNT], capture_output=True, check=False)
    subprocess.run(["useradd", "--create-home", ACCOUNT], check=True)
    try:
        account = pwd.getpwnam(ACCOUNT)
        Path(account.pw_dir).chmod(0o700)
        yield account
    finally:
        subprocess.run(["userdel", "--remove", "--force", ACCOUNT], capture_output=True, check=False)


def _own_environment(clone: Path, account: pwd.struct_passwd) -> str:
    """The runner's environment in the account's home, from the same lock; skips where there is no Python for it."""
    system = next((path for path in ("/usr/bin/python3", "/usr/local/bin/python3") if _is_new_enough(path)), None)
    if system is None:
        pytest.skip("no Python 3.11 that an ordinary account can use")
    shutil.copytree(ROOT / "grading", clone / "grading")
    uv, python = ROOT / ".venv/bin/uv", clone / ".venvs/runner/bin/python"
    ready = Path(runner_python()).parents[1]
    for words in (
        [uv, "venv", "-q", "--python", system, str(clone / ".venvs/runner")],
        # Hard links, where the file system is the same: half a gigabyte, compiled, in a second.
        ["sh", "-c", f"cp -al {ready}/lib {clone}/.venvs/runner/ || cp -a {ready}/lib {clone}/.venvs/runner/"],
        [uv, "pip", "install", "-q", "--no-deps", "--python", str(python), "-e", "grading"],
    ):
        subprocess.run(words, cwd=clone, check=True)
    subprocess.run(["chown", "-R", f"{account.pw_uid}:{account.pw_gid}", str(clone / "grading")], check=True)
    return str(python)


def _is_new_enough(path: str) -> bool:
    program = "import sys, venv; sys.exit(sys.version_info < (3, 11))"
    return (
        Path(path).exists() and subprocess.run([path, "-c", program], capture_output=True, check=False).returncode == 0
    )


def warm_processes(worker: str = "", *, socket: Path | None = None) -> list[int]:
    """Warm processes, and their children, of runners that this very test process started; others may run beside.

    socket: of the one runner that is meant.
    """
    own = _descendants(os.getpid())
    if socket is not None:
        runner = next(process for process in own if str(socket).encode() in _words(process))
        own = _descendants(runner)
    return [process for process in own if _is_warm(process, worker)]


def _descendants(process: int) -> list[int]:
    parents = {int(folder.name): _parent(folder) for folder in Path("/proc").glob("[0-9]*")}
    found = [process]
    for one in found:  # grows while it is read
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def _parent(folder: Path) -> int:
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0  # it has ended


def _words(process: int) -> list[bytes]:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []  # it has ended


def _is_warm(process: int, worker: str) -> bool:
    words = _words(process)
    return b"grader.runner.sandbox.warm" in words[:6] and (not worker or worker.encode() in words)
