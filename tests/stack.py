"""A whole running site for tests: `campus up` on a free port with a DATA_DIR of its own."""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from campus.stack.secrets import make_data_dir
from tests.browser.lms import registration

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class RunningSite:
    """A site that `campus up` runs."""

    url: str
    data_dir: Path
    pid: int
    output: Path
    environment: dict[str, str] = field(repr=False, default_factory=dict)
    process: subprocess.Popen[bytes] | None = field(repr=False, default=None)

    def health(self) -> tuple[int, dict[str, Any]]:
        """Return status and body of /healthz; (0, {}) when nothing answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            body = error.read()
            return error.code, json.loads(body) if body.startswith(b"{") else {}
        except OSError:
            return 0, {}

    def processes(self) -> dict[str, int]:
        """Return the process id of each part that runs, by its name."""
        command = [
            sys.executable,
            "-m",
            "supervisor.supervisorctl",
            "-c",
            str(self.data_dir / "run/supervisord.conf"),
            "status",
        ]
        listed = subprocess.run(command, capture_output=True, text=True).stdout
        rows = [line.split() for line in listed.splitlines()]
        return {row[0].removeprefix("site:"): int(row[3].rstrip(",")) for row in rows if row[1] == "RUNNING"}

    def campus(self, *arguments: str) -> str:
        """Run a `campus` command against this site and return what it printed."""
        command = [sys.executable, "-m", "campus.command", *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout

    def stop(self, number: int = signal.SIGINT) -> int:
        """Send the signal and return the exit code once all of it has ended."""
        assert self.process is not None, "only who started a site stops it"
        self.process.send_signal(number)
        return self.process.wait(timeout=90)

    def ended(self) -> bool:
        """Say whether `campus up` has ended."""
        return self.process is not None and self.process.poll() is not None


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data_dir: Path, *arguments: str, **settings: str) -> RunningSite:
    """Start a site and return at once; a second start on the same data writes its output beside the first one's."""
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "SITE_URL"}}
    environment |= {"DATA_DIR": str(data_dir), "PORT": str(port), "LOG_LEVEL": "INFO", **settings}
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    output = data_dir.with_name(f"{data_dir.name}.{port}.out")
    with open(output, "wb") as log:
        command = [sys.executable, "-m", "campus.command", "up", *arguments]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    return RunningSite(f"http://127.0.0.1:{port}", data_dir, process.pid, output, environment, process)


def start_migrated_database(folder: Path) -> subprocess.Popen[bytes]:
    """Start the server of a test run, its database migrated, and keep a copy for `begin_migrated`."""
    from campus.stack import embedded

    server = embedded.start(folder / "var", durable=False)
    command = [sys.executable, "-m", "campus.command", "migrate", "-v0"]
    subprocess.run(command, env=os.environ | {"LOG_LEVEL": "ERROR"}, check=True)
    embedded.stop(server)
    _copy_cluster(folder / "var", folder / "migrated")
    return embedded.start(folder / "var", durable=False)


def begin_migrated(data_dir: Path, *, folder: Path) -> Path:
    """Give a site that is to be started the run's migrated database, and static files if the shared site has them.

    A start that is not about these needn't wait for them; `shared` and a stranger's run make them from nothing.
    """
    if (folder / "migrated").exists():
        _copy_cluster(folder / "migrated", data_dir)
    static = folder / "site/static"
    if (static / ".seen").exists():  # Written when all are collected.
        make_data_dir(data_dir)
        shutil.copytree(static, data_dir / "static")
    return data_dir


def _copy_cluster(source: Path, target: Path) -> None:
    make_data_dir(target)
    (target / "postgres").mkdir()
    subprocess.run(["cp", "-a", str(source / "postgres/data"), str(target / "postgres/data")], check=True)


def wait_until_ready(site: RunningSite, seconds: float = 600) -> None:
    """Return when `campus up` says that the site is ready; fail with its output if it ends or takes too long."""
    wait(lambda: site.ended() or "is ready" in site.output.read_text(), seconds, "the site is ready")
    if site.ended():
        raise AssertionError(f"campus up ended:\n{site.output.read_text()}")


def shared(folder: Path) -> RunningSite:
    """Return the one site of this test run, starting it if no other xdist worker has; the controller stops it."""
    note = folder / "site.json"
    with open(folder / "site.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            lms = registration(free_port()).model_dump()
            site = start(folder / "site", SIZE="12", LTI_PLATFORMS=json.dumps([lms]))
            note.write_text(json.dumps([site.url, str(site.data_dir), site.pid, str(site.output), site.environment]))
            wait_until_ready(site)
    url, data_dir, pid, output, environment = json.loads(note.read_text())
    return RunningSite(url, Path(data_dir), pid, Path(output), environment)


def stop_shared(folder: Path) -> None:
    """Stop that site if there is one, and wait until it is gone."""
    note = folder / "site.json"
    if note.exists():
        pid = json.loads(note.read_text())[2]
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        wait(lambda: not _runs(pid), 90, "the shared site has ended")


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Return as soon as `condition()` is true; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"after {seconds} s it is still not so that {what}")
        time.sleep(0.1)


@contextlib.contextmanager
def running(data_dir: Path, *arguments: str, **settings: str) -> Iterator[RunningSite]:
    """Run a site for the time of a block."""
    site = start(data_dir, *arguments, **settings)
    try:
        wait_until_ready(site)
        yield site
    finally:
        if not site.ended():
            site.stop()


def processes_naming(text: str) -> list[str]:
    """Return the command lines of running processes whose arguments or environment name `text`."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (folder / "cmdline").read_bytes()
            if int(folder.name) != os.getpid() and text.encode() in command + (folder / "environ").read_bytes():
                found.append(command.replace(b"\0", b" ").decode(errors="replace"))
    return found
