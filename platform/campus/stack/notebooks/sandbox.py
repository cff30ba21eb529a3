"""The sandbox of one learner's server, as a command line of bubblewrap: what it sees of the machine, and as whom."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from campus.environment import ROOT
from grader.runner import bubblewrap
from grader.runner.accounts import Account
from grader.runner.sandbox.calls import program_for_notebooks

HOME = "/home/learner"
SOCKETS = "/run/manabiai"
# Of a case, each mounted below a folder of its name.
DATA, STARTERS = "data", "starters"
CALLS = "calls"  # of the kernel, as a program for seccomp
INSIDE = Path(__file__).with_name("inside")
ENVIRONMENT = ROOT / ".venvs/notebook"
# Small files that programs look for; nothing in them is of this machine.
_SYSTEM_FILES = (
    "/etc/ssl",
    "/etc/ca-certificates",
    "/etc/fonts",
    "/etc/alternatives",
    "/etc/mime.types",
    "/etc/localtime",
)
_NETWORK_FILES = ("/etc/resolv.conf", "/etc/nsswitch.conf")
_MB = 1024 * 1024
PROCESSES = 512  # threads among them
_TEMPORARY_MB, _SHARED_MB = 512, 256
_FIRST_ACCOUNT = 2_000_000_000


@dataclass(frozen=True)
class Case:
    """A case in a learner's home: its folder there, and what is shown of it (DATA, and STARTERS if there are any).

    None stands for what should be there and can't be shown.
    """

    folder: str
    parts: dict[str, Path | None]

    @property
    def missing(self) -> list[str]:
        """What can't be shown."""
        return [part for part, path in self.parts.items() if path is None]

    def passed(self, through: Callable[[str, Path], Path]) -> "Case":
        """The case with each part as `through` returns it.

        What it refuses is left out and logged: one bad case must not take anybody's whole notebook away.
        """
        parts = dict(self.parts)
        for part, path in self.parts.items():
            try:
                parts[part] = path and through(part, path)
            except (OSError, ValueError) as error:
                sys.stderr.write(f"{self.folder} is shown without its {part}: {type(error).__name__}: {error}\n")
                parts[part] = None
        return Case(self.folder, parts)


@dataclass(frozen=True)
class Place:
    """Where a sandbox is made: the learner's home, the folder with the ways to Hub and site, and her account."""

    home: Path
    sockets: Path
    account: Account | None
    network: str


def account_of(number: int) -> Account | None:
    """Return a user of this learner's own when we are root (no name, no rights), else None: we stay who we are."""
    if os.geteuid() != 0:
        return None
    own = _FIRST_ACCOUNT + number
    return Account(own, own)


def command(place: Place, cases: list[Case], *, python: list[Path], files: Mapping[str, int]) -> list[str]:
    """Return the command up to the program; `files` are descriptors of what `handed_over` tells."""
    words = [bubblewrap.program("bwrap"), "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    words += ["--unshare-net"] if place.network == "site" else []
    words += ["--die-with-parent", "--new-session", "--hostname", "notebook"]
    words += bubblewrap.system(bubblewrap.outermost([Path("/usr"), *python, *_our_code(), INSIDE]))
    words += ["--proc", "/proc", "--dev", "/dev", *_temporary("/dev/shm", _SHARED_MB), "--remount-ro", "/dev"]  # noqa: S108
    for path in (*_SYSTEM_FILES, *(_NETWORK_FILES if place.network == "open" else ())):
        words += ["--ro-bind-try", path, path]
    words += ["--seccomp", str(files[CALLS])]
    for path, descriptor in files.items():
        words += ["--perms", "0644", "--ro-bind-data", str(descriptor), path] if path != CALLS else []
    words += [*_temporary("/tmp", _TEMPORARY_MB), *_folders(place, cases), "--remount-ro", "/", "--chdir", "/"]  # noqa: S108
    return [*words, *bubblewrap.become(place.account)]


def _our_code() -> list[Path]:
    return [ROOT / "grading/grader", ROOT / "notebooks/client/manabiai"]


def _temporary(path: str, megabytes: int) -> list[str]:
    return ["--perms", "1777", "--size", str(megabytes * _MB), "--tmpfs", path]


def _folders(place: Place, cases: list[Case]) -> list[str]:
    words = []
    for folder in ("home", "run", DATA, STARTERS):
        words += ["--perms", "0755", "--dir", f"/{folder}"]
    words += ["--bind", str(place.home), HOME, "--ro-bind", str(place.sockets), SOCKETS]
    for case in cases:
        for part, path in case.parts.items():
            words += ["--ro-bind", str(path), f"/{part}/{case.folder}"] if path else []
    return words


def handed_over(account: Account | None) -> dict[str, bytes]:
    """Return the calls that the sandbox may make, and what stands in its /etc: one user, and names for itself."""
    uid, gid = (account.uid, account.gid) if account else (os.getuid(), os.getgid())
    return {
        CALLS: program_for_notebooks(),
        "/etc/passwd": f"learner:x:{uid}:{gid}:learner:{HOME}:/bin/bash\n".encode(),
        "/etc/group": f"learner:x:{gid}:\n".encode(),
        "/etc/hosts": b"127.0.0.1 localhost notebook\n",
    }


def python_folders() -> list[Path]:
    """Return what Python of the notebooks' environment needs to see: the environment, and where it was made from."""
    program = "import sys; print(sys.prefix, sys.base_prefix, sep='\\n')"
    done = subprocess.run([ENVIRONMENT / "bin/python", "-I", "-c", program], capture_output=True, text=True, check=True)
    return [Path(line) for line in done.stdout.splitlines()]
