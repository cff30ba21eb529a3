"""Other processes: none can be made, seen, signalled, waited for or left behind."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from tests.grading.sandboxes import warm_processes

GOOD = "def attack(data): return 'fine'"


def test_there_is_no_other_process_and_none_can_be_made(attacker):
    finding = attacker.attack("""
import subprocess
def attack(data):
    return dict(
        fork=tried(os.fork), forkpty=tried(os.forkpty), system=tried(lambda: os.system("id") or 1 / 0),
        spawn=tried(lambda: os.posix_spawn("/usr/bin/id", ["id"], {})), popen=tried(lambda: subprocess.run(["/usr/bin/id"])),
        exec=tried(lambda: os.execv("/usr/bin/id", ["id"])), init=tried(lambda: os.kill(2, 0)),
    )
""" if attacker.level == "code" else """
def attack(data):
    return dict(fork=tried(os.fork), exec=tried(lambda: os.execv("/usr/bin/id", ["id"])), init=tried(lambda: os.kill(2, 0)))
""")  # fmt: skip

    assert {name: value for name, value in finding.got.items() if name != "system"} == {}
    assert "uid=" not in finding.log


def test_signals_reach_nobody_else(attacker):
    before = warm_parents()

    for target in ("-1", "0", "os.getppid()", "1"):
        finding = attacker.attack(f"def attack(data): return {{'kill': tried(lambda: os.kill({target}, 9))}}")
        assert finding.got == {}

    assert attacker.attack(GOOD).found == "fine"
    assert before <= warm_parents()


def test_ids_are_its_own_and_stay_so(attacker):
    finding = attacker.attack("""
def attack(data):
    found = {name: tried(lambda: getattr(os, name)(0)) for name in ("setuid", "setgid", "seteuid", "setegid", "nice")}
    found["setgroups"] = tried(lambda: os.setgroups([0]))
    found["root"] = ["got", ""] if 0 in (os.getuid(), os.geteuid(), os.getgid(), os.getegid()) else ["failed", ""]
    return found
""")

    assert finding.got.keys() <= {"nice"}


def test_seen_from_outside_a_child_is_nobody(coder, sandbox):
    """Started by root: a user of its own, neither root nor the server's. Started by a user: that user."""
    seen: set[int] = set()

    def watch():
        for _ in range(40):
            seen.update(uid for process in warm_parents() for uid in uids_of_children(process))
            time.sleep(0.05)

    watcher = threading.Thread(target=watch)
    watcher.start()
    coder.attack("import time\ndef attack(data): time.sleep(1.5)")
    watcher.join()

    assert seen
    assert 0 not in seen
    if sandbox.starting.who == "root":
        assert 64_131 not in seen


def test_nothing_outlives_the_run(attacker):
    """pid 1 of a namespace takes everything with it, ignored signals or not."""
    finding = attacker.attack("""
import signal, time
def attack(data):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        try:
            time.sleep(1000)
        except BaseException:
            pass
""" if attacker.level == "code" else """
def attack(data):
    while True:
        pass
""", seconds=1.0)  # fmt: skip

    assert finding.end in ("run_timeout", "timeout")
    assert finding.seconds < 4
    time.sleep(0.2)
    assert all(len(children_of(process)) <= 1 for process in warm_parents())  # the one that stands by


def test_threads_that_go_on_end_with_the_answer(coder):
    finding = coder.attack("""
import threading, time
def attack(data):
    for _ in range(8):
        threading.Thread(target=lambda: time.sleep(1000)).start()
    return "left"
""")

    assert (finding.end, finding.found) == ("answered", "left")
    assert finding.seconds < 5


def test_destructors_and_exit_handlers_do_not_run_after_the_answer(coder):
    finding = coder.attack("""
import atexit, threading
class Late:
    def __del__(self):
        os.fork(); print("LATE", flush=True)
keep = Late()
def late():
    while True: pass
atexit.register(late)
def attack(data):
    sys.modules["keep"] = Late()
    return "left"
""")

    assert (finding.end, finding.found) == ("answered", "left")
    assert finding.seconds < 5


def test_a_thread_bomb_is_bounded(coder):
    finding = coder.attack("""
import threading, time
def attack(data):
    count = 0
    try:
        for count in range(10_000):
            threading.Thread(target=time.sleep, args=[100], daemon=True).start()
    except RuntimeError:
        pass
    return count
""")

    assert 1 <= finding.found <= 40


def test_a_new_session_or_group_frees_nobody(coder):
    finding = coder.attack("""
def attack(data):
    return dict(session=tried(os.setsid), group=tried(lambda: os.setpgid(0, 0)), tty=tried(lambda: os.tcsetpgrp(0, 1)))
""")

    assert finding.got == {}


def warm_parents() -> set[int]:
    """The warm processes themselves, without their children."""
    return {process for process in warm_processes() if not is_child(process)}


def is_child(process: int) -> bool:
    """Whether it is in a pid namespace below that of its parent: four numbers or more, counted from outside."""
    try:
        status = (Path("/proc") / str(process) / "status").read_text()
    except OSError:
        return False
    numbers = next(line for line in status.splitlines() if line.startswith("NSpid")).split()[1:]
    return len(numbers) > 2


def children_of(process: int) -> list[Path]:
    """Their folders in /proc."""
    try:
        return [Path("/proc") / name for name in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def uids_of_children(process: int) -> set[int]:
    """Real user ids of its children, as the kernel keeps them (folders of undumpable processes all belong to root)."""
    try:
        statuses = [(child / "status").read_text() for child in children_of(process)]
    except OSError:
        return set()
    return {int(line.split()[1]) for status in statuses for line in status.splitlines() if line.startswith("Uid")}
