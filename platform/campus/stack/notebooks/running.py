"""One learner's server in its sandbox, seen from outside."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from campus.environment import Environment
from campus.stack.notebooks import homes, sandbox
from campus.stack.notebooks.orders import STARTERS, Order

# Where the launcher finds its orders; gone before anything of the learner's runs.
ORDERS = "MANABIAI_NOTEBOOK"


@dataclass
class Running:
    """A sandbox that was started."""

    name: str
    home: Path
    allowed_bytes: int
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.process.pid

    def has_ended(self) -> bool:
        """Whether nothing of it runs any more."""
        return self.process.poll() is not None

    def kill(self) -> None:
        """End bubblewrap, and its child too, which does not yet die with it while the sandbox is being made."""
        if not self.has_ended():
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _readable(path: Path, environment: Environment) -> Path:
    """A folder that the learner's account can read; what comes with the code, everybody can."""
    comes_with_the_code = path.is_relative_to(os.path.realpath(STARTERS))
    return path if comes_with_the_code else homes.readable(environment, path)


def start(
    order: Order, place: sandbox.Place, *, python: list[Path], listener: int, environment: Environment
) -> Running:
    """Start a learner's server. Raises OSError."""
    cases = [case.passed(lambda _part, path: _readable(path, environment)) for case in order.cases]
    notes = [{**note, "missing": case.missing} for note, case in zip(order.notes, cases, strict=True)]
    allowed = homes.allowed_bytes(environment, place.home)
    full = allowed > limits(environment)["file_mb"] * 1024 * 1024
    variables = {
        **order.environment,
        "HOME": sandbox.HOME,
        "PATH": f"{sandbox.ENVIRONMENT}/bin:/usr/local/bin:/usr/bin:/bin",
        ORDERS: json.dumps(
            {"cases": notes, "is_too_full": full, **limits(environment), **_way_to_the_site(environment)}
        ),
    }
    program = [
        str(sandbox.ENVIRONMENT / "bin/python"),
        "-I",
        str(sandbox.INSIDE / "start.py"),
        str(listener),
        *order.arguments,
    ]
    with descriptors(sandbox.handed_over(place.account)) as files:
        words = [*sandbox.command(place, cases, python=python, files=files), *program]
        process = subprocess.Popen(
            words,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[listener, *files.values()],
            start_new_session=True,
        )
    return Running(order.name, place.home, allowed, process)


def limits(environment: Environment) -> dict[str, int]:
    """What the launcher limits each process to."""
    return {"memory_mb": environment.notebook_memory_mb, "file_mb": environment.notebook_home_mb}


def _way_to_the_site(environment: Environment) -> dict[str, int]:
    return {"site_port": environment.port if environment.notebook_network == "site" else 0}


@contextmanager
def descriptors(contents: dict[str, bytes]) -> Iterator[dict[str, int]]:
    """Contents as files without a name, for the time of a start."""
    made: dict[str, int] = {}
    try:
        for path, content in contents.items():
            made[path] = os.memfd_create(Path(path).name)
            os.write(made[path], content)
            os.lseek(made[path], 0, os.SEEK_SET)
        yield made
    finally:
        for descriptor in made.values():
            os.close(descriptor)
