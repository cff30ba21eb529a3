"""The outer sandbox of a warm process, as a command line of bubblewrap."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import grader
from grader.runner.accounts import Account

_SYSTEM = ("/lib", "/lib64", "/lib32", "/bin", "/sbin")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")

# One thread everywhere: a process of several must not fork.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_MAX_THREADS": "1",
    "ORT_DISABLE_TELEMETRY": "1",
}
# A fixed hash: the same submission gives the same numbers.
ENVIRONMENT = {
    **ONE_THREAD,
    "HOME": "/box",
    "TMPDIR": "/box/tmp",
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "JOBLIB_MULTIPROCESSING": "0",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/box/tmp",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
}


class Missing(Exception):
    """A program that the sandbox needs is not installed."""


def command(worker: str, *, channel: int, sandbox: Account | None) -> list[str]:
    """Start a warm process; ``channel`` is the descriptor of its socket. Raises Missing."""
    words = [
        program("bwrap"),
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-cgroup-try",
    ]
    words += ["--die-with-parent", "--new-session", "--clearenv", "--hostname", "sandbox"]
    for name, value in ENVIRONMENT.items():
        words += ["--setenv", name, value]
    words += [*_file_system(), "--remount-ro", "/", "--chdir", "/", *become(sandbox)]
    return [*words, sys.executable, "-P", "-s", "-m", "grader.runner.sandbox.warm", worker, str(channel)]


def program(name: str) -> str:
    """Where a program of the system is. Raises Missing."""
    found = shutil.which(name, path="/usr/local/bin:/usr/bin:/bin")
    if found is None:
        raise Missing(name)
    return found


def become(sandbox: Account | None) -> list[str]:
    """The end of bubblewrap's own words. As root, it only makes the mounts: what follows is nobody, for good."""
    if sandbox is None:
        return ["--cap-drop", "ALL", "--"]
    rights = ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    identity = [f"--reuid={sandbox.uid}", f"--regid={sandbox.gid}", "--clear-groups"]
    return [*rights, "--", program("setpriv"), *identity, "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]


def _file_system() -> list[str]:
    """What `system` shows, a process list, three devices, and places to write."""
    words = [*system(readable_folders()), "--proc", "/proc"]
    words += ["--perms", "1777", "--tmpfs", "/data", "--perms", "0755", "--dir", "/box"]
    for device in _DEVICES:
        words += ["--dev-bind", device, device]
    return words


def system(folders: list[Path]) -> list[str]:
    """These folders and the system's libraries, read-only; nothing else of the machine."""
    words: list[str] = []
    parents = {parent for each in folders for parent in each.parents if parent != Path("/")}
    for folder in sorted({*parents, Path("/dev"), Path("/etc")}):  # else bubblewrap closes them to all but root
        words += ["--perms", "0755", "--dir", str(folder)]
    for folder in folders:
        words += ["--ro-bind", str(folder), str(folder)]
    for name in _SYSTEM:
        if os.path.islink(name):  # noqa: PTH114 (Path would resolve)
            words += ["--symlink", os.readlink(name), name]  # noqa: PTH115
        elif Path(name).is_dir():
            words += ["--ro-bind", name, name]
    return [*words, "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]


def readable_folders() -> list[Path]:
    """The system's libraries, both prefixes of Python, and this package."""
    return outermost([Path("/usr"), Path(sys.base_prefix), Path(sys.prefix), Path(str(grader.__file__)).parent])


def outermost(wanted: list[Path]) -> list[Path]:
    """Each folder once, and none inside another."""
    found: list[Path] = []
    for folder in (path.absolute() for path in wanted):
        if not any(folder.is_relative_to(known) for known in found):
            found.append(folder)
    return found
