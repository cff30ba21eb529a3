"""The two servers behind the proxy: pages and API by WSGI, WebSockets by ASGI, each on a private Unix socket."""

import os
import sys
from pathlib import Path

from campus.environment import Environment
from campus.stack.sockets import make_socket_folder, socket_folder


def web_socket(data_dir: Path) -> Path:
    """Return where pages and API listen unless told otherwise."""
    return socket_folder(data_dir, "site") / "web.sock"


def live_socket(data_dir: Path) -> Path:
    """Return where WebSockets listen unless told otherwise."""
    return socket_folder(data_dir, "site") / "live.sock"


def runner(environment: Environment) -> None:
    """Become the runner, with nothing of ours in its environment: no secrets, no database."""
    from grader.runner.private import runner_python

    socket = environment.runner_socket or make_socket_folder(environment.data_dir, "runner") / "runner.sock"
    socket.unlink(missing_ok=True)  # of a former one that was killed
    python = environment.runner_python or runner_python()
    options = ["--socket", str(socket), "--parallel", str(environment.runner_parallel)]
    options += [word for user in environment.runner_allow for word in ("--allow", user)]
    given = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ", "HOME") if name in os.environ}
    os.execve(python, [python, "-P", "-m", "grader.runner", "--quiet", *options], given)


def notebooks(environment: Environment) -> None:
    """Run what starts learners' servers, in this process."""
    from campus.stack.notebooks import keeper

    if environment.notebook_socket is None:
        make_socket_folder(environment.data_dir, "keeper")
    keeper.run(environment)


def hub(environment: Environment) -> None:
    """Become the Hub, with nothing in its environment but what its configuration reads."""
    from campus.stack.notebooks.hub import command, variables

    words = command()
    os.execve(words[0], words, variables(environment))


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

    from campus.live.serve import server_settings

    make_socket_folder(environment.data_dir, "site")
    host, _, port = listen.rpartition(":")
    where = {"host": host, "port": int(port)} if listen else {"uds": str(live_socket(environment.data_dir))}
    # Only the proxy reaches the socket, so what it says about the client is true.
    uvicorn.run(**server_settings(**where, forwarded_allow_ips="127.0.0.1" if listen else "*"))
