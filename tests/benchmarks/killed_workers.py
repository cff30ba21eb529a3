"""1,000 jobs while workers are killed (SIGKILL) at random: lost, double, and the longest delay."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.benchmarks.site import database_only, end_part, headline, start_part

if TYPE_CHECKING:
    from campus.cases.models import Step
    from campus.cohorts.models import Enrolment

JOBS, WORKERS, KILL_EVERY_SECONDS, LEARNERS = 1000, 2, 3.0, 200


def main() -> None:
    headline(f"{JOBS} jobs, {WORKERS} workers, one killed about every {KILL_EVERY_SECONDS} s")
    with database_only():
        from tests.benchmarks.school import enrol, open_graded_step

        step = open_graded_step()
        submit_all(step, enrol(step, learners=LEARNERS))
        fire = grade_under_fire()
        report(fire)


@dataclass
class Fire:
    """When workers were killed, and which rows were being graded at that moment."""

    began: float = field(default_factory=time.time)
    seconds: float = 0.0
    kills: int = 0
    hit: dict[int, float] = field(default_factory=dict)


def submit_all(step: Step, enrolments: list[Enrolment]) -> None:
    from campus.submissions.actions import Upload, hand_in
    from tests.benchmarks.school import random_file

    files = [random_file(step.case_version, seed=seed) for seed in range(50)]
    for number in range(JOBS):
        upload = Upload(f"{number}.csv", files[number % len(files)])
        hand_in(step=step, enrolment=enrolments[number % len(enrolments)], upload=upload)


def grade_under_fire() -> Fire:
    """Let workers grade, kill one of them again and again, and replace it at once."""
    from campus.submissions.models import Grading

    fire, drawn = Fire(), random.Random(1)
    live = start_part("live")  # It sweeps too, as on every site.
    workers = [start_part("worker") for _ in range(WORKERS)]
    next_kill = fire.began + 4
    while Grading.objects.unfinished().exists() and time.time() - fire.began < 600:
        time.sleep(0.02)
        running = list(Grading.objects.filter(state="running").values_list("pk", flat=True))
        if running and time.time() > next_kill:
            victim = drawn.randrange(WORKERS)
            workers[victim].kill()
            workers[victim].wait()
            fire.kills += 1
            # A row stays running until its lease ends: the first kill is the one it waits for.
            fire.hit = dict.fromkeys(running, time.time()) | fire.hit
            workers[victim] = start_part("worker")
            next_kill = time.time() + drawn.uniform(0.5, 1.5) * KILL_EVERY_SECONDS
    fire.seconds = time.time() - fire.began
    for part in (*workers, live):
        end_part(part)
    return fire


def report(fire: Fire) -> None:
    from django.db.models import Count

    from campus.live.models import Event
    from campus.submissions.models import Grading

    rows = Grading.objects.all()
    told = Event.objects.filter(kind="grading", payload__state="scored").values("payload__submission")
    double = told.annotate(times=Count("pk")).filter(times__gt=1).count()
    counted = sum(standing["scored_count"] for standing in _standings())
    waits: dict[int, list[float]] = defaultdict(list)
    for row in rows.filter(attempt__gt=1, finished_at__isnull=False):
        waits[row.attempt].append(row.finished_at.timestamp() - fire.hit.get(row.pk, fire.began))
    print(f"kills {fire.kills}, all ended after {fire.seconds:.1f} s")
    print(f"scored {rows.filter(state='scored').count()}, failed {rows.filter(state='failed').count()}")
    print(f"lost {rows.unfinished().count()}, told twice {double}, counted on the board {counted} of {JOBS}")
    for attempt, seconds in sorted(waits.items()):
        print(f"scored at attempt {attempt}: {len(seconds)}, at most {max(seconds):.1f} s after the first kill")


def _standings() -> list[dict[str, int]]:
    from campus.submissions.models import Standing

    return list(Standing.objects.values("scored_count"))


if __name__ == "__main__":
    main()
