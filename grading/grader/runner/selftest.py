"""What a sandbox must not allow, tried from inside it at every start; one failure, and nothing is executed here."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.runner import memory
from grader.runner.cgroup import Cgroup
from grader.runner.pool import Lost, Pool
from grader.runner.runs import Outcome, Task, run
from grader.runner.sandbox import kernel
from grader.runner.work import payload

LEVELS = {"model": "probe", "code": "probe_code"}
_LIMITS: dict[str, Any] = {
    "seconds": 10.0, "memory_mb": 256, "output_bytes": 20_000, "files": 20, "files_mb": 1,
}  # fmt: skip

# Each line is one thing that has to fail, or a fact that has to hold; the program prints which did.
_PROBE = """
import ctypes, errno, json, os, socket, resource
found = {}
def holds(name, test):
    try:
        found[name] = bool(test())
    except Exception as error:
        found[name] = False
def fails(name, act):
    try:
        act()
        found[name] = False
    except (OSError, MemoryError):
        found[name] = True
def call(*words):
    if libc.syscall(*words) < 0:
        raise OSError(ctypes.get_errno(), "")
def fill():
    for number in range(200):
        with open(f"/box/tmp/{number}", "wb") as file:
            file.write(bytes(100_000))
NUMBERS = {"x86_64": (101, 272, 56, 59, 165, 425), "aarch64": (117, 97, 220, 221, 40, 425)}[os.uname().machine]
ptrace, unshare, clone, execve, mount, io_uring = NUMBERS
holds("unprivileged", lambda: os.getuid() not in (0, 65534) and os.geteuid() == os.getuid())
holds("own_processes", lambda: os.getpid() == 1)
holds("own_session", lambda: os.getsid(0) == 1 if LEVEL == "code" else True)
fails("no_passwd", lambda: open("/etc/passwd"))
fails("no_proc", lambda: open("/proc/self/status"))
fails("no_home", lambda: open(OUTSIDE))
fails("no_network", lambda: socket.socket())
fails("no_unix_sockets", lambda: socket.socket(socket.AF_UNIX))
fails("no_ptrace", lambda: call(ptrace, 0, 0, 0, 0))
fails("no_namespaces", lambda: call(unshare, 0x10000000))
fails("no_processes", lambda: call(clone, 17, 0, 0, 0, 0))
fails("no_execution", lambda: call(execve, b"/usr/bin/id", 0, 0))
fails("no_mounts", lambda: call(mount, b"none", b"/", b"tmpfs", 0, 0))
fails("no_io_uring", lambda: call(io_uring, 1, ctypes.create_string_buffer(120)))
fails("no_writing", lambda: open("/usr/probe", "w"))
fails("memory_limit", lambda: bytearray(400_000_000))
fails("disk_limit", fill)
holds("no_core_dumps", lambda: resource.getrlimit(resource.RLIMIT_CORE) == (0, 0) if LEVEL == "code" else True)
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Report:
    """checks: by level and name. reason: the first that failed, or why nothing could be tried; empty when all is well.

    facts: what this machine adds or lacks, which does not decide.
    """

    checks: dict[str, bool]
    reason: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def is_ok(self) -> bool:
        return not self.reason

    def to_json(self) -> dict[str, Any]:
        return {"ok": self.is_ok, "checks": self.checks, "reason": self.reason, "facts": self.facts}


def examine(pool: Pool, *, levels: tuple[str, ...], facts: dict[str, str]) -> Report:
    """Try the sandbox of each level."""
    if not kernel.IS_KNOWN_MACHINE:
        return Report({}, reason=f"no list of system calls for {kernel.MACHINE}", facts=facts)
    checks: dict[str, bool] = {}
    for level in levels:
        try:
            found = _try(pool, level)
        except (Lost, OSError) as error:
            return Report(checks | {f"{level}_starts": False}, reason=_shortened(error), facts=facts)
        finally:
            pool.let_go(LEVELS[level])
        checks |= {f"{level}_starts": True} | {f"{level}_{name}": good for name, good in found.items()}
    failed = [name for name, good in checks.items() if not good]
    return Report(checks, reason=", ".join(failed), facts=facts)


def _shortened(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:200]


def _try(pool: Pool, level: str) -> dict[str, bool]:
    outside = str(Path(__file__).resolve().parents[2] / "pyproject.toml")
    program = f"LEVEL, OUTSIDE = {level!r}, {outside!r}\n{_PROBE}"
    outcome = run_probe(program.encode(), pool, level=level)
    try:
        found = json.loads(bytes(outcome.log).decode().splitlines()[-1])
    except (ValueError, IndexError):
        said = bytes(outcome.log[-200:]).decode("utf-8", "replace")
        raise Lost(f"the probe ended by {outcome.end} {outcome.signal}: {said}") from None
    return {str(name): good is True for name, good in found.items()}


def run_probe(program: bytes, pool: Pool, *, level: str, limits: dict[str, Any] | None = None) -> Outcome:
    """Execute Python under the rules of a level."""
    features = memory.sealed(payload.write({"rows": 1, "names": []}, {}), "features")
    try:
        task = Task(LEVELS[level], "probe", program, features, None, {**_LIMITS, **(limits or {})}, answer_bytes=8)
        return run(task, pool)
    finally:
        os.close(features)


def facts_of_machine() -> dict[str, str]:
    """What can be said of the machine without trying; asked before root is given up."""
    version = kernel.landlock_version()
    return {
        "kernel": os.uname().release,
        "landlock": f"version {version}" if version else "none: one lock on files fewer",
        "cgroup": "memory and processes of all sandboxes are limited"
        if Cgroup.own()
        else "none to divide: rlimits only",
        "started_as": "root" if os.geteuid() == 0 else "a user",
    }
