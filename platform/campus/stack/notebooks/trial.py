"""What a sandbox must not allow, tried from inside one before any learner's server is started here."""

import json
import subprocess
import tempfile
from pathlib import Path

from campus.stack.account import CannotRun
from campus.stack.notebooks import sandbox
from campus.stack.notebooks.running import descriptors
from grader.runner.bubblewrap import Missing

_PROGRAM = """
import ctypes, json, os, socket, sys
def fails(act):
    try:
        act()
    except OSError:
        return True
    return False
outside, port = sys.argv[1], int(sys.argv[2])
kernel = ctypes.CDLL(None)
names = [open(f"/proc/{number}/comm").read() for number in os.listdir("/proc") if number.isdigit()]
print(json.dumps({
    "unprivileged": 0 not in (*os.getresuid(), *os.getresgid(), *os.getgroups()),
    "own_processes": len(names) <= 4,
    "no_files_of_the_machine": not os.path.exists(outside) and not os.path.exists("/etc/shadow"),
    "no_loopback": fails(lambda: socket.create_connection(("127.0.0.1", port), 1)),
    "no_writing": fails(lambda: open("/usr/probe", "w")) and fails(lambda: open("/probe", "w")),
    "no_new_namespaces": kernel.unshare(0x10000000) == -1,
    "no_way_past_the_network": fails(lambda: socket.socket(socket.AF_VSOCK)),
    "no_capabilities": "CapEff:\\t0000000000000000" in open("/proc/self/status").read(),
    "own_home": fails(lambda: open("/home/other", "w")) and not fails(lambda: open(os.path.expanduser("~/probe"), "w")),
}))
"""


def examine(*, python: list[Path], port: int) -> None:
    """Start a sandbox as for a learner and look around in it. Raises CannotRun with what is wrong."""
    account = sandbox.account_of(0)
    outside = str(sandbox.INSIDE.parent / "keeper.py")
    with tempfile.TemporaryDirectory(prefix="notebook-trial-") as name:
        folder = Path(name)
        home, sockets = folder / "home", folder / "sockets"
        for made in (home, sockets):
            made.mkdir(mode=0o711)
        if account:
            home.chmod(0o777)
        with descriptors(sandbox.handed_over(account)) as files:
            place = sandbox.Place(home, sockets, account, network="site")
            try:
                words = sandbox.command(place, [], python=python, files=files)
            except Missing as missing:
                raise CannotRun(f"{missing} is not installed (apt-get install bubblewrap util-linux)") from None
            program = [str(sandbox.ENVIRONMENT / "bin/python"), "-I", "-c", _PROGRAM, outside, str(port)]
            _judge(
                subprocess.run(
                    [*words, *program],
                    env={"HOME": sandbox.HOME},
                    pass_fds=files.values(),
                    capture_output=True,
                    text=True,
                    timeout=60,
                )
            )


def _judge(done: subprocess.CompletedProcess[str]) -> None:
    try:
        found = json.loads(done.stdout)
    except ValueError:
        raise CannotRun(done.stderr.strip()[-300:] or f"the sandbox ended with code {done.returncode}") from None
    if failed := [name for name, good in found.items() if not good]:
        raise CannotRun(f"the sandbox lets through what it must not: {', '.join(failed)}")
