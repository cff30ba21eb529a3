"""A site of its own for a benchmark: a fresh database, and as many of the real parts as it asks for."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from campus.stack import catalogues


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def own_folder() -> Iterator[Path]:
    """A DATA_DIR that this process and its children use and that is gone afterwards; pages speak Japanese in it."""
    catalogues.compile_all()
    with tempfile.TemporaryDirectory(prefix="manabiai-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        os.environ |= {
            "DATA_DIR": str(folder / "var"),
            "PORT": str(free_port()),
            "LOG_LEVEL": "ERROR",
            "NOTEBOOKS": "off",
            "DJANGO_SETTINGS_MODULE": "campus.settings",
        }
        yield folder / "var"


@contextlib.contextmanager
def database_only() -> Iterator[Path]:
    """The embedded server (durable, as in production) with the schema, and Django set up in this process."""
    with own_folder() as data_dir:
        from campus.stack import embedded

        server = embedded.start(data_dir)
        try:
            _set_up_django()
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            yield data_dir
        finally:
            embedded.stop(server)


@contextlib.contextmanager
def whole_site() -> Iterator[str]:
    """Everything that `make run` starts, without the demo; gives the address."""
    with own_folder():
        log = tempfile.TemporaryFile()
        site = subprocess.Popen(
            [campus(), "up", "--without-demo"], stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
        address = f"http://127.0.0.1:{os.environ['PORT']}"
        try:
            _wait_until_healthy(address, site)
            _set_up_django()
            yield address
        finally:
            site.send_signal(signal.SIGINT)
            site.wait(60)


def campus() -> str:
    """The command of the same environment as this process."""
    return str(Path(sys.executable).with_name("campus"))


def start_part(*words: str) -> subprocess.Popen[bytes]:
    """One part of the site as a process of its own."""
    return subprocess.Popen([campus(), *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def end_part(part: subprocess.Popen[bytes]) -> None:
    part.terminate()
    try:
        part.wait(30)
    except subprocess.TimeoutExpired:
        part.kill()
        part.wait()


def _set_up_django() -> None:
    import django

    django.setup()


def _wait_until_healthy(address: str, site: subprocess.Popen[bytes], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and site.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            if urllib.request.urlopen(f"{address}/healthz", timeout=5).status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError("the site did not come up")


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def in_ms(seconds: Sequence[float]) -> str:
    """Median and 95th percentile in words."""
    return f"p50 {percentile(seconds, 0.5) * 1000:7.1f} ms   p95 {percentile(seconds, 0.95) * 1000:7.1f} ms"


def headline(text: str) -> None:
    print(f"\n== {text}", flush=True)
