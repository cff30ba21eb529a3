"""1,000 jobs while workers are killed (SIGKILL) at random: lost, double, and the longest delay."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from tests.benchmarks.site import database_only, end_part, headline, start_part

if TYPE_CHECKING:
    from datetime import datetime

    from campus.cases.models import Step
    from campus.cohorts.models import Enrolment

JOBS, WORKERS, KILL_EVERY_SECONDS, LEARNERS = 1000, 2, 1.5, 200


def main() -> None:
    headline(f"{JOBS} jobs, {WORKERS} workers, one killed about every {KILL_EVERY_SECONDS} s")
    with database_only():
        from tests.benchmarks.school import enrol, open_graded_step

        step = open_graded_step()
        submit_all(step, enrol(step, learners=LEARNERS))
        kills, seconds = grade_under_fire()
        report(kills=kills, seconds=seconds)


def submit_all(step: Step, enrolments: list[Enrolment]) -> None:
    from campus.submissions.actions import Upload, hand_in
    from tests.benchmarks.school import random_file

    files = [random_file(step.case_version, seed=seed) for seed in range(50)]
    for number in range(JOBS):
        upload = Upload(f"{number}.csv", files[number % len(files)])
        hand_in(step=step, enrolment=enrolments[number % len(enrolments)], upload=upload)


def grade_under_fire() -> tuple[int, float]:
    """Let workers grade, kill one of them again and again, replace it at once; return kills and seconds."""
    from campus.submissions.models import Grading

    Grading.objects.update(queued_at=_now())
    workers = [start_part("worker") for _ in range(WORKERS)]
    began, kills, drawn = time.monotonic(), 0, random.Random(1)
    next_kill = began + 4
    while Grading.objects.unfinished().exists() and time.monotonic() - began < 600:
        time.sleep(0.05)
        if time.monotonic() > next_kill and Grading.objects.filter(state="running").exists():
            victim = drawn.randrange(WORKERS)
            workers[victim].kill()
            workers[victim].wait()
            workers[victim] = start_part("worker")
            kills += 1
            next_kill = time.monotonic() + drawn.uniform(0.5, 1.5) * KILL_EVERY_SECONDS
    seconds = time.monotonic() - began
    for worker in workers:
        end_part(worker)
    return kills, seconds


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()


def report(*, kills: int, seconds: float) -> None:
    from django.db.models import Count, F, Max

    from campus.live.models import Event
    from campus.submissions.models import Grading

    rows = Grading.objects.all()
    told = Event.objects.filter(kind="grading", payload__state="scored").values("payload__submission")
    double = told.annotate(times=Count("pk")).filter(times__gt=1).count()
    attempts = {number: rows.filter(attempt=number).count() for number in (1, 2, 3)}
    rerun = rows.filter(attempt__gt=1).aggregate(longest=Max(F("finished_at") - F("queued_at")))["longest"]
    counted = sum(standing["scored_count"] for standing in _standings())
    print(f"kills {kills}, all ended after {seconds:.1f} s")
    print(f"scored {rows.filter(state='scored').count()}, failed {rows.filter(state='failed').count()}")
    print(f"lost {rows.unfinished().count()}, told twice {double}, counted on the board {counted} of {JOBS}")
    print(f"attempts {attempts}; longest wait of a job that was begun again {rerun}")


def _standings() -> list[dict[str, int]]:
    from campus.submissions.models import Standing

    return list(Standing.objects.values("scored_count"))


if __name__ == "__main__":
    main()
