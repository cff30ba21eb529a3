"""Where the Hub, what starts learners' servers, and those servers listen; and who is who by name."""

import re
from pathlib import Path
from urllib.parse import quote

from campus.environment import Environment
from campus.stack.sockets import make_socket_folder, socket_folder

# The Hub's name of a person tells nothing but her number; campus.notebooks.names makes it.
NAME = re.compile(r"u([1-9][0-9]{0,11})")


def hub_folder(data_dir: Path) -> Path:
    """Return the folder that sandboxes see: the Hub's socket, and the way to the site."""
    return socket_folder(data_dir, "hub")


def make_hub_folder(data_dir: Path) -> Path:
    """Make it; learners' accounts pass through. Both sockets ask for tokens, as the public port does."""
    folder = make_socket_folder(data_dir, "hub")
    folder.chmod(0o711)
    return folder


def hub_socket(data_dir: Path) -> Path:
    """Return where the Hub listens."""
    return hub_folder(data_dir) / "hub.sock"


def site_socket(data_dir: Path) -> Path:
    """Return where the front proxy takes what notebooks ask the site for."""
    return hub_folder(data_dir) / "site.sock"


def keeper_socket(environment: Environment) -> Path:
    """Return where the keeper takes orders."""
    return environment.notebook_socket or socket_folder(environment.data_dir, "keeper") / "keeper.sock"


def homes(environment: Environment) -> Path:
    """Return the folder of learners' homes; the keeper's own."""
    return environment.notebook_homes or environment.data_dir / "homes"


def number_of(name: str) -> int | None:
    """Return the person's number in the Hub's name of her; None if it is no such name."""
    found = NAME.fullmatch(name)
    return int(found[1]) if found else None


def as_url(path: Path) -> str:
    """Return the address of a Unix socket as the Hub and the proxy spell it."""
    return f"http+unix://{quote(str(path), safe='')}"
