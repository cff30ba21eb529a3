"""What runs first in a learner's sandbox: limits, files of the cases, the way to the site, then JupyterLab's server.

Runs with the Python of the notebooks' environment and sees nothing of the site; it is the learner's own process, so
nothing that matters to others is decided here.
"""

import json
import os
import resource
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # -I leaves the script's folder out

import delivery
import relay

_ORDERS = "MANABIAI_NOTEBOOK"
_SITE = "/run/manabiai/site.sock"
_MB = 1024 * 1024
# Threads count too, and numerical libraries start one for each processor.
_PROCESSES, _FILES = 512, 4096


def main() -> None:
    """Prepare the home, then become the server."""
    listener = socket.socket(fileno=int(sys.argv.pop(1)))
    orders = json.loads(os.environ.pop(_ORDERS))
    os.chdir(Path.home())
    _write_log_to_home()
    _limit(orders)
    language = os.environ.get("MANABIAI_LANGUAGE", "ja")
    delivery.deliver(Path.home(), orders["cases"], language=language)
    delivery.tell_if_too_full(Path.home(), orders["file_mb"], is_too_full=orders["is_too_full"])
    os.environ["JUPYTER_CONFIG_PATH"] = str(Path(__file__).with_name("config") / language)
    if port := orders["site_port"]:
        relay.start(port, _SITE)
    _serve(listener)


def _write_log_to_home() -> None:
    """What server and kernels print goes where the learner can read it, within what the home may hold."""
    folder = Path.home() / ".local/share/jupyter"
    folder.mkdir(parents=True, exist_ok=True)
    log = os.open(folder / "server.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)


def _limit(orders: dict) -> None:
    limits = {
        resource.RLIMIT_AS: orders["memory_mb"] * _MB,
        resource.RLIMIT_FSIZE: orders["file_mb"] * _MB,
        resource.RLIMIT_NPROC: _PROCESSES,
        resource.RLIMIT_NOFILE: _FILES,
        resource.RLIMIT_CORE: 0,
    }
    for name, value in limits.items():
        hard = resource.getrlimit(name)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(name, (most, most))
    os.nice(5)  # Pages of the site come first.
    Path("/proc/self/oom_score_adj").write_text("500")


def _serve(listener: socket.socket) -> None:
    """Become the single-user server on the socket that was handed in."""
    from jupyter_server import serverapp
    from jupyterhub.singleuser import main as serve

    serverapp.bind_unix_socket = lambda *_, **__: listener
    listener.setblocking(False)
    sys.argv[0] = "jupyterhub-singleuser"
    serve()


if __name__ == "__main__":
    main()
