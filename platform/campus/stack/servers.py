"""The two servers behind the proxy: pages and API by WSGI, WebSockets by ASGI, each on a private Unix socket."""

import logging.config
import os
import sys
from pathlib import Path

from campus.environment import Environment
from campus.stack.logs import logging_config
from campus.stack.sockets import make_socket_folder, socket_folder


def web_socket(data_dir: Path) -> Path:
    """Return where pages and API listen unless told otherwise."""
    return socket_folder(data_dir, "site") / "web.sock"


def live_socket(data_dir: Path) -> Path:
    """Return where WebSockets listen unless told otherwise."""
    return socket_folder(data_dir, "site") / "live.sock"


def web(environment: Environment, *, listen: str = "") -> None:
    """Become gunicorn: several processes with threads, configured by campus.stack.gunicorn."""
    make_socket_folder(environment.data_dir, "site")
    bind = listen or f"unix:{web_socket(environment.data_dir)}"
    arguments = [
        "-m",
        "gunicorn",
        "--config",
        "python:campus.stack.gunicorn",
        "--bind",
        bind,
        "campus.wsgi:application",
    ]
    os.execv(sys.executable, [sys.executable, *arguments])


def live(environment: Environment, *, listen: str = "") -> None:
    """Run uvicorn in this process; it serves /ws/ only."""
    import uvicorn

    make_socket_folder(environment.data_dir, "site")
    host, _, port = listen.rpartition(":")
    config = logging_config(environment.log_format, environment.log_level)
    logging.config.dictConfig(config)
    uvicorn.run(
        "campus.asgi:application",
        uds=None if listen else str(live_socket(environment.data_dir)),
        host=host or "127.0.0.1",
        port=int(port or 0),
        log_config=None,
        access_log=False,
        # Only the proxy reaches the socket, so what it says about the client is true.
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1" if listen else "*",
        timeout_graceful_shutdown=5,
        ws_max_size=64 * 1024,
    )
