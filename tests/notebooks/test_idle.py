"""A real Jupyter server with an open page and an idle kernel ends when nobody uses it."""

import json
import os
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from campus.stack.notebooks import hub
from campus.stack.notebooks.sandbox import ENVIRONMENT
from tests.stack import free_port, wait

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("notebooks")]

LIMIT = 2.0
TOKEN = "only-this-test"


@pytest.mark.skipif(bool(hub.missing()), reason=hub.missing())
def test_an_open_page_keeps_no_server_alive(tmp_path: Path) -> None:
    port = free_port()
    command = [
        *(str(ENVIRONMENT / "bin/python"), "-m", "jupyter_server", "--no-browser", "--allow-root"),
        *(f"--port={port}", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={tmp_path}"),
        "--ServerApp.jpserver_extensions=manabiai.server_extension=True",
    ]
    environment = os.environ | {"HOME": str(tmp_path), "MANABIAI_IDLE_SECONDS": str(LIMIT)}
    with open(tmp_path / "server.log", "wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        wait(lambda: asked(port, "GET", "kernels") is not None, 60, "the server answers")
        began = time.monotonic()
        assert asked(port, "POST", "kernels")

        def has_ended() -> bool:
            asked(port, "GET", "kernels")  # as an open page does
            return server.poll() is not None

        wait(has_ended, 60, "it has ended by itself")
        assert time.monotonic() - began >= LIMIT
        assert server.returncode == 0
    finally:
        server.kill()
        server.wait()


def asked(port: int, method: str, path: str) -> Any:
    """What the server's API answers; None where it does not."""
    data = b"{}" if method == "POST" else None
    headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())
    except OSError:
        return None
