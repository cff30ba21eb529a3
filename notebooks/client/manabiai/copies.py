"""Writes the copy of a notebook beside one's own work; nothing that is there is ever written over."""

import itertools
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

# Room for " (99)" and the suffix within the 255 bytes that a file's name may have.
MOST_NAME_BYTES = 240
MOST_COPIES = 99  # of one name
# A file that holds more is no copy that is compared.
MOST_BYTES = 20_000_000


class CannotKeep(Exception):
    """The copy can't be written: its name is none, or too many copies have it."""


def keep_copy(home: Path, *, folder: str, name: str, notebook: Mapping[str, Any]) -> Path:
    """Write the notebook to ``home/folder/name`` and return its path below the home.

    Where that name is taken, the copy becomes "name (2)" and so on. A file there that still has the same cells is
    returned as it is, whatever outputs they have by now. Raises CannotKeep and OSError.
    """
    place = home / _plain(folder)
    place.mkdir(exist_ok=True)
    stem = _plain(name).removesuffix(".ipynb")
    content = json.dumps(notebook, indent=1).encode()
    for number in itertools.count(1):
        if number > MOST_COPIES:
            raise CannotKeep(name)
        path = place / (f"{stem} ({number}).ipynb" if number > 1 else f"{stem}.ipynb")
        if _write_new(path, content) or cells_of(path) == cells_of_notebook(notebook):
            break
    return path.relative_to(home)


def _plain(name: str) -> str:
    """The name, if it is one component of a path that JupyterLab shows."""
    if not name or name != os.path.basename(name) or name.startswith(".") or "\0" in name:  # noqa: PTH119 -- of any system
        raise CannotKeep(name)
    if len(name.encode("utf-8", "surrogatepass")) > MOST_NAME_BYTES:
        raise CannotKeep(name)
    return name


def _write_new(path: Path, content: bytes) -> bool:
    """Make the file; False where anything has its name, also a link that leads nowhere."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
    except OSError:  # No room: half a notebook is of no use.
        with suppress(OSError):
            path.unlink()
        raise
    return True


def cells_of(path: Path) -> list[tuple[str, str]] | None:
    """What the cells of the file say; None where it is no notebook of a fair size."""
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return None
        return cells_of_notebook(json.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def cells_of_notebook(notebook: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Kind and source of each cell; a source may be a text or a list of lines."""
    return [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]
