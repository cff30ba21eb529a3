"""`campus up`: start every part in order, say what happens, and stop all of it on Ctrl-C."""

import fcntl
import http.client
import ipaddress
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO, Any
from urllib.parse import urlsplit

from campus.environment import Environment
from campus.stack import embedded, proxy
from campus.stack.account import CannotRun
from campus.stack.lifetime import die_with_parent
from campus.stack.notebooks import hub
from campus.stack.secrets import make_data_dir
from campus.stack.supervision import Supervisor, processes

# A busy machine takes its time: as long as the parts run, better late than torn down.
_HEALTH_SECONDS = 900
_SLOW_SECONDS = 60


class Stopped(BaseException):
    """Somebody asked to stop; not an Exception, so that no step takes it for its own failure."""


def up(environment: Environment, *, demo: bool) -> None:
    """Run everything in the foreground until SIGINT, SIGTERM or SIGHUP."""
    if demo and not _is_loopback(environment.bind):
        raise CannotRun(
            f"The demo's passwords are public, so it is not served on BIND={environment.bind}. "
            "Start with `campus up --without-demo`, or leave BIND at 127.0.0.1."
        )
    make_data_dir(environment.data_dir)
    environment = _without_missing_notebooks(environment)
    with _only_one(environment.data_dir):
        if not proxy.is_free(environment):
            raise CannotRun(
                f"Port {environment.port} on {environment.bind} is in use by another program. "
                f"Stop that one, or choose another port: PORT={environment.port + 1} make run"
            )
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _stop)
        _run(environment, demo=demo)


def _without_missing_notebooks(environment: Environment) -> Environment:
    """Leave notebooks out, in words, where what they need is not installed; the site runs without."""
    if environment.notebooks == "off" or not (reason := hub.missing()):
        return environment
    _say(f"  WITHOUT NOTEBOOKS: {reason}. Set NOTEBOOKS=off to leave them out silently.")
    os.environ["NOTEBOOKS"] = "off"  # for every part that is started from here
    return environment.model_copy(update={"notebooks": "off"})


def _is_loopback(bind: str) -> bool:
    return bind == "localhost" or ipaddress.ip_address(bind).is_loopback


def _run(environment: Environment, *, demo: bool) -> None:
    supervisor = Supervisor(environment)
    try:
        with _step("process manager"):
            supervisor.begin()
        _start_database(environment, supervisor)
        _prepare(demo=demo)
        with _step("web, live, workers, proxy"):
            supervisor.start(p.name for p in processes(environment) if p.name != "postgres")
            _wait_for_health(environment, supervisor)
        _say(f"\nManabiai is ready: {environment.public_url()}\nLogs: {environment.data_dir}/logs. Ctrl-C stops it.")
        _watch(supervisor)
    except Stopped:
        pass
    finally:
        _end(supervisor)


def _end(supervisor: Supervisor) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with _step("stopping"):
        supervisor.end()


def _start_database(environment: Environment, supervisor: Supervisor) -> None:
    if environment.database_url:
        return
    with _step("database"):
        embedded.prepare(environment.data_dir)  # Errors are told here, not in a log.
        supervisor.start(["postgres"])
        embedded.wait_until_ready(environment.data_dir)


def _prepare(*, demo: bool) -> None:
    """Migrate, collect static files and load the demo in a process of its own, which prints a line per step."""
    command = [sys.executable, "-m", "campus.command", "prepare", *([] if demo else ["--without-demo"])]
    # In a session of its own: Ctrl-C reaches us, and we end it.
    child = subprocess.Popen(command, start_new_session=True, preexec_fn=lambda: die_with_parent(signal.SIGTERM))
    try:
        code = child.wait()
    except Stopped:
        child.terminate()
        child.wait()
        raise
    if code:
        raise CannotRun("The site could not be prepared; the reason stands above.")


def _wait_for_health(environment: Environment, supervisor: Supervisor) -> None:
    began, is_told = time.monotonic(), False
    health: dict[str, Any] = {}
    while not health.get("ok"):
        waited = time.monotonic() - began
        if waited > _HEALTH_SECONDS or not supervisor.alive():
            raise CannotRun(
                f"Not everything came up within {waited:.0f} s ({_what_is_missing(health)}). "
                f"The logs in {environment.data_dir}/logs say why. Nothing is lost: start it again."
            )
        if waited > _SLOW_SECONDS and not is_told:
            is_told = True
            _say(f"  this takes longer than usual, waiting on ({_what_is_missing(health)})")
        time.sleep(0.2)
        health = _health(environment)


def _what_is_missing(health: dict[str, Any]) -> str:
    down = [f"{part}: {state}" for part, state in health.items() if part != "ok" and state != "up"]
    return ", ".join(down) or "the site does not answer yet"


def _health(environment: Environment) -> dict[str, Any]:
    host = "127.0.0.1" if environment.bind == "0.0.0.0" else environment.bind  # noqa: S104 -- compared, not bound
    connection = http.client.HTTPConnection(host, environment.port, timeout=30)
    try:
        connection.request("GET", "/healthz", headers={"Host": urlsplit(environment.public_url()).netloc})
        answer = connection.getresponse()
        parts = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError):
        return {}
    else:
        return {**parts, "ok": answer.status == http.HTTPStatus.OK}
    finally:
        connection.close()


def _watch(supervisor: Supervisor) -> None:
    """Tell of each process that ended and was started again."""
    before = supervisor.states()
    while supervisor.alive():
        time.sleep(1)
        now = supervisor.states()
        for name, (state, pid) in now.items():
            if pid and pid != before[name][1]:
                _say(f"{name} had ended and was started again ({state.lower()}); see logs/{name}.log")
        before = {name: (state, pid or before[name][1]) for name, (state, pid) in now.items()}
    raise CannotRun("The process manager ended.")


@contextmanager
def _only_one(data_dir: Path) -> Iterator[None]:
    """Hold the lock of this DATA_DIR; wait a moment for a former run that is still stopping."""
    (data_dir / "run").mkdir(exist_ok=True)
    with open(data_dir / "run" / "lock", "a+") as lock:
        _take(lock, data_dir)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        _wait_for_former(data_dir / "run" / "supervisord.pid")
        yield


def _take(lock: IO[str], data_dir: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        raise CannotRun(f"Manabiai is already running with {data_dir} (process {lock.read().strip()}).") from None


def _wait_for_former(pid_file: Path) -> None:
    """A run that was killed outright leaves a process manager that is still stopping its parts."""
    deadline = time.monotonic() + 40
    while (pid := _supervisord(pid_file)) is not None:
        if time.monotonic() > deadline:
            raise CannotRun(f"The process manager of a former run (process {pid}) does not end; stop it first.")
        time.sleep(0.2)


def _supervisord(pid_file: Path) -> int | None:
    try:
        pid = int(pid_file.read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    return pid if b"supervisord" in command else None


@contextmanager
def _step(name: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    _say(f"  {name:<32} {time.monotonic() - began:6.1f} s")


def _say(text: str) -> None:
    print(text, flush=True)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped
