"""Which users the parts of the runner run as when it is started by root: never root, and never each other."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """A user and a group by number; they need no entry in /etc/passwd."""

    uid: int
    gid: int

    def become(self) -> None:
        """Turn this process into the account's, for good."""
        os.setgroups([])
        os.setresgid(self.gid, self.gid, self.gid)
        os.setresuid(self.uid, self.uid, self.uid)


# Names that an operator may create; else numbers that no distribution gives out.
_SERVER, _SANDBOX = ("manabiai-runner", 64_131), ("manabiai-sandbox", 64_132)


def server_account() -> Account | None:
    """Who takes jobs; None where the runner was not started by root and stays who it is."""
    return _account(*_SERVER)


def sandbox_account() -> Account | None:
    """Who executes submissions, seen from outside the sandbox; None likewise."""
    return _account(*_SANDBOX)


def _account(name: str, number: int) -> Account | None:
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return Account(number, number)
    if entry.pw_uid == 0:
        raise ValueError(f"{name} must not be root")
    return Account(entry.pw_uid, entry.pw_gid)


def uid_of(name: str) -> int:
    """The number of a user given by name or number. Raises KeyError."""
    return int(name) if name.isdigit() else pwd.getpwnam(name).pw_uid
