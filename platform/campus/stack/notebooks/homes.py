"""Learners' homes: made for their accounts, counted, and readable copies of the data that stands beside them.

What a home holds is counted from outside every few seconds and a server that goes beyond is stopped; it is no quota of
the file system, so between two looks more can be written, up to `NOTEBOOK_HOME_MB` in a single file.
"""

import hashlib
import os
import shutil
from pathlib import Path

from campus.environment import Environment
from campus.stack.notebooks.orders import Refused
from campus.stack.notebooks.places import homes
from grader.runner.accounts import Account

_MB = 1024 * 1024
_TO_CLEAR_UP = 32 * _MB


def make(environment: Environment) -> None:
    """Make the folder of all homes; nobody but us passes through it, sandboxes get their own by a mount."""
    homes(environment).mkdir(mode=0o700, exist_ok=True)
    (homes(environment) / ".data").mkdir(mode=0o700, exist_ok=True)


def ready(environment: Environment, name: str, *, account: Account | None) -> Path:
    """Return the home of a learner, made on first use and hers alone. Raises OSError."""
    home = homes(environment) / name
    home.mkdir(mode=0o700, exist_ok=True)
    if account and home.lstat().st_uid != account.uid:
        _give(home, account)
    return home


def _give(home: Path, account: Account) -> None:
    """Hand over a home and what lies in it, following no link: it came from a backup, or from another user's start."""
    for folder, _, files, descriptor in os.fwalk(home, follow_symlinks=False):
        os.chown(descriptor, account.uid, account.gid)
        for file in files:
            os.chown(Path(folder) / file, account.uid, account.gid, follow_symlinks=False)


def allowed_bytes(environment: Environment, home: Path) -> int:
    """How much this home may hold until the server's next start.

    One that is too full already has room for JupyterLab's own small files, so that its learner can clear up; one that
    holds twice what it may gets no server any more. Raises Refused.
    """
    limit, holds = environment.notebook_home_mb * _MB, size(home)
    if holds > 2 * limit:
        raise Refused("home_full")
    return max(limit, holds + _TO_CLEAR_UP) if holds > limit else limit


def is_too_full(home: Path, *, allowed: int) -> bool:
    """Whether a home holds more than it may."""
    return size(home) > allowed


def size(home: Path) -> int:
    """Bytes on the disk of all files in a home; what vanishes meanwhile is not counted."""
    total = 0
    folders = [str(home)]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    total += _bytes_of(entry)
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
        except OSError:
            continue
    return total


def _bytes_of(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_blocks * 512
    except OSError:
        return 0


def readable(environment: Environment, data: Path) -> Path:
    """Return a folder with the same files that a learner's own account can read.

    The site keeps what it writes to itself; as root, sandboxes run as other users. An installed version never changes,
    so one copy serves all.
    """
    if os.geteuid() != 0:
        return data
    copies = homes(environment) / ".data"
    copy = copies / hashlib.sha256(os.fsencode(data)).hexdigest()[:32]
    if not copy.exists():
        draft = copies / f".{copy.name}.{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(data, draft, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        draft.rename(copy)
    return copy
