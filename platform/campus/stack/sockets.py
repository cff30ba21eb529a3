"""Private folders for Unix sockets: what listens there is reached by this installation alone."""

import hashlib
import http.client
import os
import socket
import stat
import struct
from pathlib import Path

from campus.stack.account import CannotRun
from campus.stack.secrets import make_data_dir

# A Unix socket's path holds 107 bytes, of which supervisord takes the most: "/supervisor.sock.4194304".
_LONGEST_FOLDER = 107 - 24


def socket_folder(data_dir: Path, name: str) -> Path:
    """Return the folder of the sockets `name`: in DATA_DIR/run, or under /tmp where that path won't do.

    Too long a path is no address of a socket, and the Hub reads addresses in small letters.
    """
    inside = data_dir / "run" / name
    if len(os.fsencode(inside)) <= _LONGEST_FOLDER and str(inside) == str(inside).lower():
        return inside
    key = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path("/tmp") / f"campus-{key}-{name}"  # noqa: S108 -- made private and checked below


def make_socket_folder(data_dir: Path, name: str) -> Path:
    """Make that folder, mode 0700; refuse one under /tmp that somebody else put there first."""
    make_data_dir(data_dir)
    folder = socket_folder(data_dir, name)
    if folder.is_relative_to(data_dir):
        folder.parent.mkdir(exist_ok=True)
        folder.parent.chmod(0o711)  # The database's account passes through it.
        folder.mkdir(mode=0o700, exist_ok=True)
    else:
        folder.mkdir(mode=0o700, exist_ok=True)
        _refuse_strangers(folder, data_dir / "postgres" / "data")
    folder.chmod(0o700)
    return folder


def _refuse_strangers(folder: Path, data: Path) -> None:
    own = {os.geteuid()} | ({data.stat().st_uid} if data.exists() else set())
    state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid not in own:
        raise CannotRun(f"{folder} belongs to somebody else; remove it or choose a shorter DATA_DIR.")


class UnixConnection(http.client.HTTPConnection):
    """An HTTP connection over a Unix socket."""

    def __init__(self, path: Path, timeout: float = 5) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        """Connect to the socket's file."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def peer(connection: socket.socket) -> int:
    """Return the user at the other end of a Unix socket, by the kernel's word."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", credentials)[1])
