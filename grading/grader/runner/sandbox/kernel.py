"""The calls of Linux that Python has no names for."""

from __future__ import annotations

import ctypes
import os
import platform
import struct

# Constants of <linux/sched.h>, <sys/mount.h>, <linux/prctl.h>, <linux/landlock.h>.
CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x00020000, 0x08000000, 0x10000000, 0x20000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = (
    1, 2, 4, 8, 32, 4096, 16384, 1 << 18,
)  # fmt: skip
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_SECUREBITS, PR_SET_NO_NEW_PRIVS = 28, 38
SECCOMP_MODE_FILTER = 2
LAST_CAPABILITY = 63
# NOROOT, NO_SETUID_FIXUP, NO_CAP_AMBIENT_RAISE, each locked.
SECURE_AND_LOCKED = 0b11001111
_CAPABILITY_VERSION = 0x20080522

_MACHINES = {
    "x86_64": {"clone": 56, "pivot_root": 155, "capset": 126, "close_range": 436, "landlock": 444},
    "aarch64": {"clone": 220, "pivot_root": 41, "capset": 91, "close_range": 436, "landlock": 444},
}
MACHINE = platform.machine()
IS_KNOWN_MACHINE = MACHINE in _MACHINES
_CALLS = _MACHINES.get(MACHINE, _MACHINES["x86_64"])

# PyDLL keeps the interpreter's lock over the call: a clone must not happen in the middle of giving it away.
_locked = ctypes.PyDLL(None, use_errno=True)
_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def clone(flags: int) -> int:
    """Fork with new namespaces: 0 in the child, its process id in the parent. Only for processes of one thread."""
    pid = _check(_locked.syscall(_CALLS["clone"], flags, 0, 0, 0, 0), "clone")
    if pid == 0:
        _locked.PyOS_AfterFork_Child()
    return pid


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    """See mount(2)."""
    encoded = [None if text is None else text.encode() for text in (source, target, kind)]
    _check(_libc.mount(*encoded, ctypes.c_ulong(flags), options.encode() or None), f"mount {target}")


def pivot_into(folder: str) -> None:
    """Make the folder, a mount, the root, and let go of the old one."""
    os.chdir(folder)
    _check(_libc.syscall(_CALLS["pivot_root"], b".", b"."), "pivot_root")
    _check(_libc.umount2(b".", MNT_DETACH), "umount of the old root")
    os.chdir("/")


def prctl(option: int, *values: int) -> None:
    """See prctl(2)."""
    padded = [ctypes.c_ulong(value) for value in (*values, *[0] * (4 - len(values)))]
    _check(_libc.prctl(option, *padded), f"prctl {option}")


def drop_capabilities() -> None:
    """Give up every capability for good, those of the bounding set too."""
    prctl(PR_SET_SECUREBITS, SECURE_AND_LOCKED)
    for number in range(LAST_CAPABILITY + 1):
        try:
            prctl(PR_CAPBSET_DROP, number)
        except OSError:  # the kernel knows no more of them
            break
    header, nothing = struct.pack("=Ii", _CAPABILITY_VERSION, 0), bytes(24)
    _check(_libc.syscall(_CALLS["capset"], header, nothing), "capset")


def close_all_from(first: int) -> None:
    """Close every descriptor from that number on."""
    _check(_libc.syscall(_CALLS["close_range"], first, 0x7FFFFFFF, 0), "close_range")


def filter_calls(program: bytes) -> None:
    """Let the BPF program decide on every further call, for good."""
    buffer = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: a short, padded to the alignment of the pointer.
    fprog = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    holder = ctypes.create_string_buffer(fprog, len(fprog))
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(holder))


def landlock_version() -> int:
    """Version of Landlock here; 0 where the kernel has none."""
    return max(0, int(_libc.syscall(_CALLS["landlock"], None, ctypes.c_size_t(0), 1)))


def landlock_ruleset(*, files: int, network: int, scopes: int) -> int:
    """A descriptor of a ruleset that forbids those rights."""
    attributes = struct.pack("=QQQ", files, network, scopes)
    size = 24 if scopes else 16 if network else 8
    return _check(_libc.syscall(_CALLS["landlock"], attributes, ctypes.c_size_t(size), 0), "landlock_create_ruleset")


def landlock_allow(ruleset: int, folder: str, rights: int) -> None:
    """Allow the rights beneath the folder."""
    descriptor = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", rights, descriptor)
        _check(_libc.syscall(_CALLS["landlock"] + 1, ruleset, 1, rule, 0), f"landlock_add_rule {folder}")
    finally:
        os.close(descriptor)


def landlock_restrict(ruleset: int) -> None:
    """Bind this process to the ruleset, for good."""
    _check(_libc.syscall(_CALLS["landlock"] + 2, ruleset, 0), "landlock_restrict_self")
    os.close(ruleset)
