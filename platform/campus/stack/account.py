"""Which account runs a server that refuses root, and how to get there when its files lie in a closed folder."""

import os
import pwd
import shlex
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

# Tried in this order when root starts the embedded database.
_UNPRIVILEGED = ("postgres", "nobody")
# Inside the private mount namespace of one server; nobody else sees what is mounted here.
_STAGE = Path("/mnt")


class CannotRun(RuntimeError):
    """The server can't be run here; the text says why and what to do."""


@dataclass(frozen=True)
class Account:
    """The account of a server, and what must be put before a command to run it there."""

    name: str
    uid: int
    gid: int
    prefix: tuple[str, ...] = ()
    stage: tuple[tuple[Path, Path], ...] = ()

    def path(self, path: Path) -> Path:
        """Return `path` as the server sees it."""
        for real, seen in self.stage:
            if path.is_relative_to(real):
                return seen / path.relative_to(real)
        return path


def own_name() -> str:
    """Return the name of the account that runs this process."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise CannotRun(
            f"The account number {os.geteuid()} has no name in /etc/passwd, which PostgreSQL needs. "
            "Add the account, or set DATABASE_URL to another PostgreSQL."
        ) from None


def account_for(data: Path, *, folders: dict[str, Path], program: Path, must_reach: list[Path]) -> Account:
    """Return the account that runs a server on `data`.

    An ordinary user runs it as itself. Root drops to the owner of `data` if there is one, else to an unprivileged
    account. If that account can't enter every folder of `must_reach`, the `folders` (by short names) are bound below
    /mnt in a mount namespace of the server's own, so that no parent folder has to be opened; `program` is tried there.
    """
    if os.geteuid() != 0:
        return Account(own_name(), os.geteuid(), os.getegid())
    entry = _owner(data) or _unprivileged()
    drop = _drop_to(entry)
    direct = Account(entry.pw_name, entry.pw_uid, entry.pw_gid, drop)
    if all(_reaches(drop, folder) for folder in must_reach):
        return direct
    stage = tuple((folder, _STAGE / name) for name, folder in folders.items())
    staged = replace(direct, prefix=(*_staging(stage), *drop), stage=stage)
    _try_out(staged, program)
    return staged


def _owner(data: Path) -> pwd.struct_passwd | None:
    uid = data.stat().st_uid if data.exists() else 0
    return pwd.getpwuid(uid) if uid else None


def _unprivileged() -> pwd.struct_passwd:
    for name in _UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise CannotRun("PostgreSQL refuses root, and there is neither an account 'postgres' nor 'nobody' to run it.")


def _drop_to(entry: pwd.struct_passwd) -> tuple[str, ...]:
    # pdeathsig: the server stops (fast shutdown) even if whoever started it is killed outright.
    return (
        "setpriv",
        f"--reuid={entry.pw_uid}",
        f"--regid={entry.pw_gid}",
        "--clear-groups",
        "--inh-caps=-all",
        "--no-new-privs",
        "--pdeathsig=INT",
    )


def _reaches(drop: tuple[str, ...], folder: Path) -> bool:
    return subprocess.run([*drop, "test", "-x", str(folder)], cwd="/").returncode == 0


def _staging(stage: tuple[tuple[Path, Path], ...]) -> tuple[str, ...]:
    lines = ["set -e", f"mount -t tmpfs -o mode=0755 campus {_STAGE}"]
    for real, seen in stage:
        quoted = shlex.quote(str(seen))
        lines += [f"mkdir -p {quoted}", f"mount --rbind {shlex.quote(str(real))} {quoted}"]
    return ("unshare", "--mount", "--propagation", "private", "sh", "-c", "\n".join([*lines, 'exec "$@"']), "sh")


def _try_out(account: Account, program: Path) -> None:
    command = [*account.prefix, str(account.path(program)), "--version"]
    tried = subprocess.run(command, cwd="/", capture_output=True, text=True)
    if tried.returncode:
        raise CannotRun(
            "PostgreSQL refuses root, and an unprivileged account can't reach its files here "
            f"(a private mount namespace was refused: {tried.stderr.strip()}). Put the clone and DATA_DIR into a "
            "folder that others may enter, start it as an ordinary user, or set DATABASE_URL."
        )
