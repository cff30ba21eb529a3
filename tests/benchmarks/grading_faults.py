"""10,000 gradings while worker, runner, warm process and PostgreSQL are killed (SIGKILL): lost, double, recovery.

    python -m tests.benchmarks.grading_faults [--jobs 10000] [--programs 200]

Most are CSV files, some are programs that the runner executes. ``endure`` is what the test of the same name runs small.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.site import database_only, end_part, headline, start_part

if TYPE_CHECKING:
    from campus.cases.models import Step
    from campus.cohorts.models import Enrolment

LEARNERS, WORKERS, PLACES = 200, 2, 2
OTHERS = {"live": ["live"], "runner": ["runner"]}
PROGRAM = "def predict(data):\n    return data['test'][['id']].assign(forecast={value})\n"


@dataclass
class Outcome:
    """What became of everything that was handed in."""

    jobs: int
    seconds: float = 0.0
    kills: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    recorded_twice: int = 0
    scored: int = 0
    failed: int = 0
    counted: int = 0
    longest_recovery: float = 0.0

    def lines(self) -> Iterator[str]:
        kills = ", ".join(f"{name} {count}" for name, count in sorted(self.kills.items()))
        yield f"kills: {kills}; all ended after {self.seconds:.0f} s"
        yield f"scored {self.scored}, our fault {self.failed}, counted on the board {self.counted} of {self.jobs}"
        yield f"lost {self.lost}, recorded twice {self.recorded_twice}"
        yield f"longest from a kill to the end of what it hit: {self.longest_recovery:.1f} s"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--programs", type=int, default=200)
    options = parser.parse_args()
    headline(f"{options.jobs:,} gradings, {options.programs} of them programs, under kills of every part")
    with database_only() as data_dir:
        outcome = endure(data_dir, jobs=options.jobs, programs=options.programs, every=(8.0, 20.0), most_seconds=1800)
    print("\n".join(outcome.lines()))


def endure(data_dir: Path, *, jobs: int, programs: int, every: tuple[float, float], most_seconds: float) -> Outcome:
    """Hand everything in, let parts grade it, and kill one of them again and again. Needs the embedded database."""
    from campus.submissions.models import Grading

    parts = Parts(data_dir)
    outcome = Outcome(jobs=jobs)
    hit: dict[int, float] = {}
    drawn = random.Random(1)
    try:
        parts.start_without_workers()
        hand_in_all(jobs=jobs, programs=programs)
        print(f"{jobs} handed in", flush=True)
        began = time.time()
        next_kill = began + every[0]
        parts.replace()
        while time.time() - began < most_seconds:
            time.sleep(0.05)
            with patience():
                if not Grading.objects.unfinished().exists():
                    break
                if time.time() > next_kill:
                    running = list(Grading.objects.filter(state="running").values_list("pk", flat=True))
                    victim = drawn.choice(list(parts.kills))
                    if parts.kills[victim]():
                        outcome.kills[victim] = outcome.kills.get(victim, 0) + 1
                        hit = dict.fromkeys(running, time.time()) | hit
                    next_kill = time.time() + drawn.uniform(*every)
            parts.replace()
        outcome.seconds = time.time() - began
    finally:
        parts.end()
    judge(outcome, hit)
    return outcome


@contextlib.contextmanager
def patience() -> Iterator[None]:
    """The database may be away just now."""
    from django.db import DatabaseError, InterfaceError, connection

    try:
        yield
    except (DatabaseError, InterfaceError):
        connection.close()
        time.sleep(0.2)


class Parts:
    """What runs, and how each of it is killed; whatever is gone is started again, as a process manager does."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._running: dict[str, Any] = {}
        self.kills: dict[str, Callable[[], bool]] = {
            "worker": lambda: self._kill(f"worker-{random.randrange(WORKERS)}"),
            "runner": lambda: self._kill("runner"),
            "warm process": self._kill_warm_process,
            "database": self._kill_database,
        }

    def start_without_workers(self) -> None:
        """So that everything waits when the fire begins; the live process feels the runner's pulse."""
        os.environ["RUNNER_PARALLEL"] = str(PLACES)
        self._start(OTHERS)
        wait_for_the_runner()

    def replace(self) -> None:
        """Start what is not there."""
        self._start(OTHERS | {f"worker-{number}": ["worker"] for number in range(WORKERS)})

    def _start(self, commands: dict[str, list[str]]) -> None:
        for name, words in commands.items():
            if name not in self._running or self._running[name].poll() is not None:
                self._running[name] = start_part(*words)

    def _kill(self, name: str) -> bool:
        self._running[name].kill()
        self._running[name].wait()
        return True

    def _kill_warm_process(self) -> bool:
        """One of the runner's own children, from which runs are forked."""
        children = _descendants(self._running["runner"].pid)
        for pid in children[-1:]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return bool(children)

    def _kill_database(self) -> bool:
        """The postmaster; it is started again at once, and recovers from its log."""
        from django.db import connection

        connection.close()
        pid = int((self._data_dir / "postgres/data/postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)
        self._running["database"] = self._started_again()
        return True

    def _started_again(self) -> subprocess.Popen[bytes]:
        """Backends of the killed server take a moment to notice; until then a new one refuses to start."""
        from campus.stack import embedded
        from campus.stack.account import CannotRun

        for _ in range(20):
            with contextlib.suppress(CannotRun):
                return embedded.start(self._data_dir)
            time.sleep(0.5)
        raise RuntimeError("PostgreSQL does not start again")

    def end(self) -> None:
        for name, part in self._running.items():
            if name != "database":
                end_part(part)


def _descendants(pid: int) -> list[int]:
    """Processes below this one, parents first."""
    found = []
    with contextlib.suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            found += [int(child), *_descendants(int(child))]
    return found


def wait_for_the_runner() -> None:
    from campus.submissions import runner

    until = time.monotonic() + 120
    while not runner.is_ready():
        if time.monotonic() > until:
            sys.exit("the runner does not get ready: can this machine isolate? (grader selftest)")
        time.sleep(0.2)


def hand_in_all(*, jobs: int, programs: int) -> None:
    """Many learners; each file has numbers of its own."""
    from campus.submissions import runner

    with tempfile.TemporaryDirectory() as folder:
        step, enrolments = _school(Path(folder))
        for number in range(jobs):
            if number < programs:
                until_it_works(lambda number=number: _hand_in_program(step, enrolments, number))
            else:
                _hand_in_file(step, enrolments, number)
    assert runner.pulse() is not None or programs == 0


def until_it_works(work: Callable[[], None]) -> None:
    from campus.submissions.refusals import RunnerAway

    for _ in range(100):
        try:
            return work()
        except RunnerAway:
            time.sleep(0.3)
    raise RuntimeError("the runner stayed away")


def _school(folder: Path) -> tuple[Step, list[Enrolment]]:
    from tests.benchmarks.big_case import SMALL
    from tests.benchmarks.school import enrol, open_graded_step

    pack = folder / SMALL.name
    shutil.copytree(SMALL, pack, ignore=shutil.ignore_patterns("__pycache__"))
    manifest = pack / "case.toml"
    text = manifest.read_text(encoding="utf-8").replace('kinds = ["predictions"]', 'kinds = ["predictions", "code"]')
    manifest.write_text(text.replace("per_day = 3", "per_day = 100000"), encoding="utf-8")
    step = open_graded_step(source=pack)
    return step, enrol(step, learners=LEARNERS)


def _hand_in_program(step: Step, enrolments: list[Enrolment], number: int) -> None:
    from campus.submissions.actions import Upload, hand_in

    source = PROGRAM.format(value=number / 10)
    hand_in(step=step, enrolment=enrolments[number % LEARNERS], upload=Upload("solution.py", source.encode()))


def _hand_in_file(step: Step, enrolments: list[Enrolment], number: int) -> None:
    from campus.submissions.actions import Upload, hand_in
    from tests.benchmarks.school import random_file

    upload = Upload(f"{number}.csv", random_file(step.case_version, seed=number % 500))
    hand_in(step=step, enrolment=enrolments[number % LEARNERS], upload=upload)


def judge(outcome: Outcome, hit: dict[int, float]) -> None:
    """Count what the rows, the events and the board say."""
    from django.db.models import Count, Sum

    from campus.live.models import Event
    from campus.submissions.models import Grading, Score, Standing

    rows = Grading.objects.all()
    told = Event.objects.filter(kind="grading", payload__state="scored").values("payload__submission")
    outcome.lost = outcome.jobs - rows.count() + rows.unfinished().count()
    outcome.recorded_twice = told.annotate(times=Count("pk")).filter(times__gt=1).count()
    doubled = Score.objects.values("prediction", "split").annotate(times=Count("pk")).filter(times__gt=1)
    outcome.recorded_twice += doubled.count()
    outcome.scored, outcome.failed = rows.filter(state="scored").count(), rows.filter(state="failed").count()
    outcome.counted = Standing.objects.aggregate(Sum("scored_count"))["scored_count__sum"] or 0
    ended = rows.filter(pk__in=hit, finished_at__isnull=False).values_list("pk", "finished_at")
    outcome.longest_recovery = max((at.timestamp() - hit[pk] for pk, at in ended), default=0.0)


if __name__ == "__main__":
    main()
