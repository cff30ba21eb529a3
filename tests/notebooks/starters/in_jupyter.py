"""Run by the notebooks' Python in a learner's folder: hands in a notebook from a real Jupyter server. Prints JSON."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from jupyter_client import BlockingKernelClient

TOKEN = "only-this-test"
# The pause runs in the grader too, so that there is a wait to be shown.
CELLS = [
    "import time\n\nimport manabiai",
    'test = manabiai.data().read("test.csv", english=True)',
    "time.sleep(1)",
    'predictions = test[["id"]].assign(demand=3.0, order_up_to=12.0)',
    "manabiai.submit()",
]


def write(path: Path, cells: list[str]) -> None:
    """Save a notebook of these code cells."""
    made = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "outputs": [], "source": c} for n, c in enumerate(cells)
    ]
    path.write_text(json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))


class Server:
    """A Jupyter server in this folder."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        options = [f"--port={self.port}", f"--IdentityProvider.token={TOKEN}", "--no-browser", "--allow-root"]
        command = [sys.executable, "-m", "jupyter_server", f"--ServerApp.root_dir={Path.cwd()}", *options]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        url = f"http://127.0.0.1:{self.port}/api/{path}"
        request = urllib.request.Request(url, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def wait(self) -> None:
        for _ in range(300):
            try:
                return self.ask("GET", "status")
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the Jupyter server does not answer")

    def open(self, name: str) -> tuple[str, BlockingKernelClient]:
        """A session with a kernel for the notebook, as JupyterLab opens one."""
        wanted = {"path": name, "name": name, "type": "notebook", "kernel": {"name": "python3"}}
        session = self.ask("POST", "sessions", wanted)
        note = Path(os.environ["JUPYTER_RUNTIME_DIR"]) / f"kernel-{session['kernel']['id']}.json"
        client = BlockingKernelClient(connection_file=str(note))
        client.load_connection_file()
        client.start_channels()
        client.wait_for_ready(timeout=60)
        return session["id"], client


def run(client: BlockingKernelClient, source: str) -> str:
    """Run a cell as a notebook does; everything that it showed."""
    shown: list[str] = []

    def note(message: dict[str, Any]) -> None:
        content = message["content"]
        shown.extend(content.get("data", {}).values())
        shown.extend(content.get("traceback", []))
        shown.append(content.get("text", ""))

    client.execute_interactive(source, store_history=True, output_hook=note, timeout=120)
    return "\n".join(shown)


def rename(server: Server, session: str, old: str, new: str) -> None:
    """What JupyterLab does when somebody renames an open notebook."""
    server.ask("PATCH", f"contents/{old}", {"path": new})
    server.ask("PATCH", f"sessions/{session}", {"path": new, "name": new, "type": "notebook"})


def main() -> None:
    server = Server()
    try:
        server.wait()
        write(Path("mine.ipynb"), CELLS)
        session, client = server.open("mine.ipynb")
        shown = [run(client, cell) for cell in CELLS]
        told = {"saved": shown[-1], "progress": shown[-1]}
        changed = "predictions = predictions.assign(order_up_to=14.0)"
        run(client, changed)
        told["changed"] = run(client, CELLS[-1])
        rename(server, session, "mine.ipynb", "renamed.ipynb")
        write(Path("renamed.ipynb"), [*CELLS[:-1], changed, CELLS[-1]])
        told["renamed"] = run(client, CELLS[-1])
        _, console = server.open("")
        run(console, CELLS[0])
        told["unknown"] = run(console, CELLS[-1])
    finally:
        server.process.terminate()
        server.process.wait(timeout=30)
    sys.stdout.write(json.dumps(told))


main()
