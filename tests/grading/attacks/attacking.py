"""How the attacks are run: a function ``attack(data)`` of the attacker's, what it found, and how the run ended."""

from __future__ import annotations

import base64
import json
import subprocess
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.contract import Kind, Plane
from tests.grading.sandboxes import Sandbox, Starting

# What attackers have at hand, in both levels. `tried` tells what came of an act: what it got, or by what it failed.
PRELUDE = """
import ctypes, errno, json, os, sys
try:
    libc
except NameError:
    libc = ctypes.CDLL(None, use_errno=True)

def tried(act):
    try:
        return ["got", repr(act())[:300]]
    except BaseException as error:
        return ["failed", type(error).__name__]

def call(name, *words):
    result = libc.syscall(CALLS[name], *words)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result

CALLS = {
    "x86_64": dict(
        ptrace=101, unshare=272, setns=308, mount=165, umount2=166, pivot_root=155, chroot=161, clone=56, fork=57,
        vfork=58, execve=59, execveat=322, socket=41, socketpair=53, connect=42, bind=49, sendmsg=46, kill=62, tkill=200,
        setuid=105, setgid=106, setresuid=117, setgroups=116, capset=126, keyctl=250, add_key=248, request_key=249,
        bpf=321, userfaultfd=323, perf_event_open=298, io_uring_setup=425, io_uring_enter=426, memfd_create=319,
        memfd_secret=447, open_by_handle_at=304, name_to_handle_at=303, init_module=175, finit_module=313,
        kexec_load=246, reboot=169, swapon=167, sethostname=170, settimeofday=164, personality=135, ptrace2=101,
        process_vm_readv=310, process_vm_writev=311, pidfd_open=434, pidfd_getfd=438, pidfd_send_signal=424,
        shmget=29, msgget=68, semget=64, mq_open=240, mknod=133, quotactl=179, acct=163, syslog=103, iopl=172,
        seccomp=317, landlock_create_ruleset=444, open_tree=428, move_mount=429, fsopen=430, mount_setattr=442,
        inotify_init1=294, fanotify_init=300, splice=275, vmsplice=278, tee=276, setpriority=141, sched_setscheduler=144,
        migrate_pages=256, mbind=237, move_pages=279, kcmp=312, lookup_dcookie=212, cachestat=451, listmount=458,
    ),
    "aarch64": dict(
        ptrace=117, unshare=97, setns=268, mount=40, umount2=39, pivot_root=41, chroot=51, clone=220, execve=221,
        execveat=281, socket=198, socketpair=199, connect=203, bind=200, sendmsg=211, kill=129, tkill=130, setuid=146,
        setgid=144, setresuid=147, setgroups=159, capset=91, keyctl=219, add_key=217, request_key=218, bpf=280,
        userfaultfd=282, perf_event_open=241, io_uring_setup=425, memfd_create=279, open_by_handle_at=265,
        process_vm_readv=270, process_vm_writev=271, pidfd_open=434, pidfd_getfd=438, shmget=194, msgget=186,
        semget=190, mq_open=180, personality=92, seccomp=277, open_tree=428, fsopen=430, splice=76,
    ),
}[os.uname().machine]
"""
_AS_CODE = """
def predict(data):
    print("FOUND " + json.dumps(attack(data)), flush=True)
    return [[1, 1]] * len(data["test"])
"""
_AS_PROBE = """
print("FOUND " + json.dumps(attack(None)), flush=True)
"""


@dataclass(frozen=True)
class Finding:
    """found: what the attacker printed, None when the run ended before. end: how it ended. log: all that was printed."""

    found: Any
    end: str
    log: str
    seconds: float = 0.0

    @property
    def has_failed(self) -> bool:
        """Whether every single act of the attacker's failed."""
        acts = self.found.values() if isinstance(self.found, dict) else self.found
        return all(came_of_it == "failed" for came_of_it, _ in acts)

    @property
    def got(self) -> dict[str, str]:
        """What was got, where it ought to be nothing."""
        return {name: value for name, (came_of_it, value) in self.found.items() if came_of_it == "got"}


def _found(log: str) -> Any:
    lines = [line for line in log.splitlines() if line.startswith("FOUND ")]
    return json.loads(lines[-1].removeprefix("FOUND ")) if lines else None


class Attacker(ABC):
    """Runs attacks under the rules of one level."""

    level: str

    @abstractmethod
    def attack(self, source: str, **limits: Any) -> Finding:
        """Run ``source``, which defines attack(data)."""


class CodeAttacker(Attacker):
    """As a learner does: a program handed in, on the public sample."""

    level = "code"

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def attack(self, source: str, **limits: Any) -> Finding:
        done = self.sandbox.run(Kind.CODE, f"{PRELUDE}\n{source}\n{_AS_CODE}".encode(), on=Plane.SAMPLE, **limits)
        end = done.problems[0].code if done.problems else "answered"
        return Finding(_found(done.log), end, done.log, done.seconds)


class ModelAttacker(Attacker):
    """As a model does that has taken over its runtime."""

    level = "model"

    def __init__(self, starting: Starting) -> None:
        program = Path(__file__).with_name("prober.py").read_text(encoding="utf-8")
        self.process = subprocess.Popen(
            [starting.python, "-P", "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **starting.options,
        )

    def attack(self, source: str, **limits: Any) -> Finding:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        asked = {"program": f"{PRELUDE}\n{source}\n{_AS_PROBE}", "limits": limits}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        told = json.loads(self.process.stdout.readline())
        log = base64.b64decode(told["log"]).decode("utf-8", "replace")
        return Finding(_found(log), told["end"], log, told.get("seconds", 0.0))

    def close(self) -> None:
        """End of input ends it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)
