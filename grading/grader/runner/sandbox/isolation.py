"""A child isolates itself, in this order; after the last step it may read what a learner sent.

Its warm parent runs in a bubblewrap sandbox already: without network, without other files than Python's own, as a
user without rights. What follows takes away the rest. docs/grader.md says why each step is there.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from dataclasses import dataclass

from grader.runner.sandbox import calls, kernel

NAMESPACES = kernel.CLONE_NEWUSER | kernel.CLONE_NEWPID | kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC
INSIDE_ID = 1000
BOX, DATA = "/box", "/data"
WORK = f"{BOX}/work"
THREADS = 32
OPEN_FILES = {"model": 16, "code": 128}
_TMPFS = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC

# Rights of <linux/landlock.h>, by the version that brought them.
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_FILES_BY_VERSION = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF, 5: 0xFFFF}
_NETWORK, _SCOPES = 3, 3  # TCP bind and connect since 4; abstract sockets and signals since 6
_NOT_OURS = 1 << 12 | 1 << 6 | 1 << 11 | 1 << 9 | 1 << 10 | 1 << 15  # devices, sockets, fifos, ioctl: never granted


@dataclass(frozen=True)
class Rules:
    """What a child may do. level: model (no files at all) or code. data: name of its folder of case files below /data.

    readable: folders of Python and its libraries. memory: bytes of address space beyond what the libraries take.
    """

    level: str
    memory: int
    seconds: float
    files: int = 0
    files_bytes: int = 0
    data: str | None = None
    readable: tuple[str, ...] = ()


def prepare() -> None:
    """What does not depend on the job, done while the child stands by. Raises OSError."""
    os.setsid()  # else kill(0) reaches the warm process
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    _map_ids()
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)


def isolate(rules: Rules, *, program: bytes) -> None:
    """Everything after ``prepare`` and the sorting of descriptors. Raises OSError when any step fails."""
    memory = _own_memory()
    _make_box(rules)
    kernel.drop_capabilities()
    _set_limits(rules, memory)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    _lock_land(rules)
    kernel.filter_calls(program)


def _own_memory() -> int:
    """Bytes of address space that are in use already."""
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGESIZE")


def program_for(level: str) -> bytes:
    """The BPF program of the level, made once by the parent."""
    return calls.program_for_models() if level == "model" else calls.program_for_code()


def _map_ids() -> None:
    """An id of its own inside; the owner's own unprivileged one outside. Without it there is no mounting."""
    user, group = os.geteuid(), os.getegid()
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{INSIDE_ID} {_outside(user, 'uid')} 1")
    _write("/proc/self/gid_map", f"{INSIDE_ID} {_outside(group, 'gid')} 1")
    _write("/proc/self/oom_score_adj", "1000")  # if memory runs out, this process is the one to go


_parents_ids: dict[str, int] = {}


def remember_ids() -> None:
    """Called by the parent: after the clone, its ids are no longer known by their numbers."""
    _parents_ids.update(uid=os.geteuid(), gid=os.getegid())


def _outside(current: int, kind: str) -> int:
    return _parents_ids.get(kind, current)


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def _make_box(rules: Rules) -> None:
    """A private, limited tmpfs: the only place to write, and for models the whole file system."""
    size = max(rules.files_bytes, 4096)
    kernel.mount("box", BOX, "tmpfs", _TMPFS, f"size={size},nr_inodes={rules.files + 8},mode=0700")
    if rules.level == "model":
        kernel.pivot_into(BOX)
        kernel.mount("none", "/", None, kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | _TMPFS)
        return
    os.makedirs(f"{WORK}/data")
    os.mkdir(f"{BOX}/tmp")  # noqa: S108 (of its own)
    if rules.data is not None:
        kernel.mount(f"{DATA}/{rules.data}", f"{WORK}/data", None, kernel.MS_BIND)
        flags = kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | _TMPFS
        kernel.mount("none", f"{WORK}/data", None, flags)
    for hidden in (DATA, "/proc"):
        kernel.mount("none", hidden, "tmpfs", _TMPFS | kernel.MS_RDONLY, "size=4096,nr_inodes=2,mode=0555")
    os.chdir(WORK)
    if rules.data is not None:
        for name in os.listdir("data"):
            os.symlink(f"data/{name}", name)


def _set_limits(rules: Rules, memory: int) -> None:
    seconds = int(rules.seconds) + 1
    limits = {
        resource.RLIMIT_AS: memory + rules.memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: max(rules.files_bytes, 4096),
        resource.RLIMIT_NOFILE: OPEN_FILES[rules.level],
        resource.RLIMIT_NPROC: THREADS,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: 64,
    }
    for which, limit in limits.items():
        _, most = resource.getrlimit(which)
        lower = limit if most == resource.RLIM_INFINITY else min(limit, most)
        resource.setrlimit(which, (lower, lower))


def _lock_land(rules: Rules) -> None:
    """Landlock as a second lock on files, and on whatever of the network a later kernel lets slip."""
    version = kernel.landlock_version()
    if version == 0:
        return
    files = _FILES_BY_VERSION[min(version, 5)]
    ruleset = kernel.landlock_ruleset(
        files=files, network=_NETWORK if version >= 4 else 0, scopes=_SCOPES if version >= 6 else 0
    )
    if rules.level == "code":
        for folder in rules.readable:
            kernel.landlock_allow(ruleset, folder, (_READ_FILE | _READ_DIR) & files)
        kernel.landlock_allow(ruleset, BOX, files & ~_EXECUTE & ~_NOT_OURS)
        kernel.landlock_allow(ruleset, f"{WORK}/data", _READ_FILE | _READ_DIR)
        for device in ("/dev/null", "/dev/urandom"):
            kernel.landlock_allow(ruleset, device, (_READ_FILE | _WRITE_FILE) & files)
    kernel.landlock_restrict(ruleset)


def python_folders() -> tuple[str, ...]:
    """The folders that hold Python, its libraries and the grader, as this process sees them."""
    import grader.runner

    package = os.path.dirname(os.path.dirname(grader.runner.__file__))
    found = {sys.prefix, sys.base_prefix, "/usr", "/etc", package}
    return tuple(sorted(folder for folder in found if os.path.isdir(folder)))
