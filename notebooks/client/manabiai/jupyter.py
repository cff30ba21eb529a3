"""The notebook that is running: whether there is one, where it lies, and whether what lies there is what was run."""

import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from manabiai.errors import ManabiaiError
from manabiai.words import Language, say

ASK_SECONDS = 2.0
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
# Prefixes of JupyterLab's own: documents that several people edit at once.
_DRIVE = "RTC:"


class NotebookUnknown(ManabiaiError):
    """The running notebook's file can't be told; its path must be given."""


class NotebookNotSaved(ManabiaiError):
    """What was run is not yet in the notebook's file."""


@dataclass(frozen=True)
class Ran:
    """A cell as it was run, and when (seconds since 1970)."""

    source: str
    at: float


_ran: list[Ran] = []


def shell() -> Any | None:
    """The shell of the Jupyter kernel that runs this, or None: a terminal, a script, the command line."""
    ipython = sys.modules.get("IPython")
    found = ipython.get_ipython() if ipython else None
    return found if getattr(found, "kernel", None) is not None else None


def watch() -> None:
    """From now on remember which cells were run, to know whether the notebook was saved since."""
    running = shell()
    if running is not None and not getattr(running, "_manabiai_watches", False):
        running.events.register("pre_run_cell", _note)
        running._manabiai_watches = True


def _note(cell: Any) -> None:
    if cell.store_history and not cell.silent:
        _ran.append(Ran(cell.raw_cell, time.time()))


def saved_notebook(language: Language) -> Path:
    """The running notebook's file, which holds every cell as it was last run.

    Raises NotebookUnknown where the file can't be told, NotebookNotSaved where it is older than what was run.
    """
    running = shell()
    path = notebook_path(running) if running is not None else None
    if path is None:
        raise NotebookUnknown(say("notebook_unknown", language))
    if not is_saved(path, [*_ran, *_running_cell(running)]):
        raise NotebookNotSaved(say("notebook_not_saved", language, name=path.name))
    return path


def _running_cell(running: Any) -> list[Ran]:
    """The cell that asks, also where it is the one that imports this package."""
    history = running.user_ns.get("In", [])
    return [Ran(history[-1], time.time())] if len(history) > 1 else []


def is_saved(path: Path, ran: list[Ran]) -> bool:
    """Whether every cell that was run after the file was written stands in it as it was run."""
    try:
        written, cells = path.stat().st_mtime, json.loads(path.read_text(encoding="utf-8"))["cells"]
        held = {"".join(cell["source"]).strip() for cell in cells if cell["cell_type"] == "code"}
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return all(cell.source.strip() in held for cell in ran if cell.at > written)


def notebook_path(running: Any) -> Path | None:
    """Where the notebook of this kernel lies, as its editor or its Jupyter server says.

    The server knows of a new name since the kernel's start, JPY_SESSION_NAME does not; so the server is asked first.
    """
    told = [running.user_ns.get("__vsc_ipynb_file__"), *_told_by_servers(_kernel_id(running))]
    for name in (*told, os.environ.get("JPY_SESSION_NAME")):
        if name and str(name).endswith(".ipynb") and (path := Path(name)).is_file():
            return path
    return None


def _kernel_id(running: Any) -> str:
    """The part of the connection file's name by which the server calls this kernel."""
    config = getattr(running.kernel, "config", {})
    file = str(config.get("IPKernelApp", {}).get("connection_file", ""))
    return Path(file).stem.removeprefix("kernel-")


def _told_by_servers(kernel_id: str) -> Iterator[Path]:
    """What this user's running Jupyter servers say about the kernel; nothing where none answers."""
    for server in _servers():
        root = Path(server["root_dir"]).expanduser()
        for session in _sessions(server):
            if kernel_id and session["kernel"]["id"] == kernel_id:
                yield root / str(session["path"]).removeprefix(_DRIVE)


def _servers() -> list[dict[str, Any]]:
    """The notes that Jupyter servers leave about themselves, the newest first."""
    try:
        from jupyter_core.paths import jupyter_runtime_dir
    except ImportError:
        return []
    notes = sorted(Path(jupyter_runtime_dir()).glob("jpserver-*.json"), key=lambda note: -note.stat().st_mtime)
    found = []
    for note in notes:
        try:
            server = json.loads(note.read_text(encoding="utf-8"))
            found.append({name: str(server[name]) for name in ("url", "root_dir")} | {"token": server.get("token")})
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return found


def _sessions(server: dict[str, Any]) -> list[dict[str, Any]]:
    token = server["token"]
    if not token and urlsplit(server["url"]).hostname in _LOOPBACK:
        token = os.environ.get("JUPYTERHUB_API_TOKEN")  # below a Hub, servers have no token of their own
    headers = {"Authorization": f"token {token}"} if token else {}
    try:
        answer = httpx.get(
            f"{server['url'].rstrip('/')}/api/sessions", headers=headers, timeout=ASK_SECONDS, trust_env=False
        )
        sessions = answer.json() if answer.is_success else []
        return [one for one in sessions if one["kernel"]["id"] and one["path"]]
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return []
