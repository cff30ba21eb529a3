"""Notebooks: from click to usable kernel, memory of one learner, parts that end, sixty who arrive together.

Real proxy, Hub, keeper, sandboxes and JupyterLab; the site is a stand-in of a few lines. `ARRIVING=20` takes fewer.
"""

import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tests.benchmarks.site import headline, percentile
from tests.notebooks.kernel import Kernel
from tests.notebooks.machine import Machine, Visitor, running
from tests.stack import wait

ARRIVING = int(os.environ.get("ARRIVING", "60"))
PLACES = max(1, ARRIVING * 5 // 6)
_PATIENCE_SECONDS = 300
USUAL = "import pandas, sklearn.ensemble; print('ready')"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="manabiai-bench-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        with running(Path(name) / "var", NOTEBOOK_SERVERS=str(PLACES), LOG_LEVEL="ERROR") as machine:
            one_learner(machine)
            parts_that_end(machine)
            many_at_once(machine)


def one_learner(machine: Machine) -> None:
    """The first start has cold caches; the others are what a learner meets."""
    headline("one learner")
    for number, what in ((1, "first start"), (2, "second learner"), (3, "third learner")):
        with Visitor(machine, f"u{number}") as learner:
            began = time.monotonic()
            page = learner.open_notebook(f"u{number}")
            Kernel(learner, f"u{number}").run("1 + 1")
            usable = time.monotonic() - began
            kernel = Kernel(learner, f"u{number}")
            before = memory(f"/user/u{number}/")
            kernel.run(USUAL)
            print(
                f"  {what:<16} page {page:5.1f} s   usable kernel {usable:5.1f} s   "
                f"memory {before:4.0f} MB, {memory(f'/user/u{number}/'):4.0f} MB with pandas and scikit-learn"
            )
        machine.hub_api("DELETE", f"/users/u{number}/server")
    parts = {part: resident(machine.processes[part].pid) for part in ("hub", "notebooks")}
    print(f"  Hub {parts['hub']:.0f} MB, keeper {parts['notebooks']:.0f} MB")


def parts_that_end(machine: Machine) -> None:
    """A learner is at work when a part is killed and started anew, as the supervisor does."""
    headline("parts that end, somebody at work")
    with Visitor(machine, "u1") as learner:
        learner.open_notebook("u1")
        kernel = Kernel(learner, "u1")
        kernel.run("kept = 1")
        _kill(machine, "hub", kernel, answers=machine.hub_is_up)
        _kill(machine, "proxy", kernel, answers=lambda: _is_reached(learner, "u1"))
    machine.hub_api("DELETE", "/users/u1/server")


def _kill(machine: Machine, part: str, kernel: Kernel, *, answers: Callable[[], bool]) -> None:
    machine.kill(part)
    began = time.monotonic()
    machine.start(part)
    wait(answers, 120, f"it goes on after {part}")
    seconds = time.monotonic() - began
    kept = kernel.run("print(kept)") == "1\n"
    print(f"  {part:<6} back after {seconds:4.1f} s, {'nothing lost' if kept else 'THE KERNEL WAS LOST'}")


def _is_reached(learner: Visitor, name: str) -> bool:
    try:
        return learner.get(f"{learner.machine.server_url(name)}/api").status_code == 200
    except httpx.TransportError:
        return False


def many_at_once(machine: Machine) -> None:
    headline(f"{ARRIVING} arrive together, {PLACES} places")
    with ThreadPoolExecutor(ARRIVING) as pool:
        found = list(pool.map(lambda number: arrive(machine, f"u{number}"), range(100, 100 + ARRIVING)))
    waits = sorted(seconds for what, seconds in found if what == "in")
    told = [what for what, _ in found if what != "in"]
    halves = f"p50 {percentile(waits, 0.5):.0f} s, p95 {percentile(waits, 0.95):.0f} s, last {waits[-1]:.0f} s"
    print(f"  {len(waits)} got in: {halves}")
    print(f"  {told.count('full')} were told that every place is taken")
    for error in sorted(set(told) - {"full"}):
        print(f"  {told.count(error)} met an {error}")
    total = sum(memory(f"/user/u{number}/") for number in range(100, 100 + ARRIVING))
    print(f"  memory of all servers {total / 1024:.1f} GB")


def arrive(machine: Machine, name: str) -> tuple[str, float]:
    """One learner among many: "in" and after how long, or what she was told."""
    began = time.monotonic()
    with Visitor(machine, name) as learner:
        answer = learner.enter(name)
        while not (answer.url.host.startswith(name) and answer.status_code == 200):
            if answer.status_code == 429:
                return "full", time.monotonic() - began
            if answer.status_code not in (200, 424, 503) or time.monotonic() - began > _PATIENCE_SECONDS:
                return f"error {answer.status_code} at {answer.url}", time.monotonic() - began
            time.sleep(1)
            must_start_again = answer.status_code == 424 or 'id="busy"' in answer.text
            answer = learner.enter(name) if must_start_again else learner.get(answer.url)
        return "in", time.monotonic() - began


def memory(prefix: str) -> float:
    """Proportional memory in MB of the processes of the server with this address (its kernels inherit the variable)."""
    total = 0.0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"JUPYTERHUB_SERVICE_PREFIX={prefix}\0".encode() in (folder / "environ").read_bytes():
                total += _field(folder / "smaps_rollup", "Pss:")
        except OSError:
            continue
    return total


def resident(pid: int) -> float:
    return _field(Path(f"/proc/{pid}/smaps_rollup"), "Pss:")


def _field(path: Path, name: str) -> float:
    line = next(line for line in path.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
