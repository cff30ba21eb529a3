"""200,000 kept submissions rescored by another version in the background, while learners go on handing in.

Predictions have 10,000 rows. They lie in FILES different files, read again and again: 16 GB of them would measure
the disk. Two workers, as on a small machine; the live process takes up what falls down.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.site import database_only, end_part, headline, percentile, start_part

if TYPE_CHECKING:
    from campus.cases.models import CaseVersion, Step
    from campus.cohorts.models import Enrolment

SUBMISSIONS, LEARNERS, ROWS, FILES, WORKERS = 200_000, 2000, 10_000, 500, 2
LIVE_EVERY_SECONDS = 0.5


def main() -> None:
    headline(f"{SUBMISSIONS:,} submissions of {ROWS:,} rows rescored, {WORKERS} workers")
    with database_only(), tempfile.TemporaryDirectory() as folder:
        from campus.rescoring.actions import begin, switch
        from campus.rescoring.models import Rescoring
        from tests.benchmarks.big_case import make_big_case
        from tests.benchmarks.school import enrol, open_graded_step

        source = make_big_case(Path(folder), rows=ROWS)
        step = open_graded_step(source=source)
        enrolments = enrol(step, learners=LEARNERS)
        fill(step)
        began = time.monotonic()
        rescoring = begin(case=step.cohort_case, to_version=mended(source), reason="-", actor=None)
        print(f"{rescoring.total:,} to measure, begun after {time.monotonic() - began:.1f} s")
        measure(rescoring.pk, step, enrolments)
        rescoring = Rescoring.objects.get(pk=rescoring.pk)
        print(f"state {rescoring.state}, {rescoring.standings.changed().count()} of {LEARNERS} lines change")
        began = time.monotonic()
        switch(rescoring, actor=None)
        print(f"switched in {time.monotonic() - began:.1f} s")
        tell()


def mended(source: Path) -> CaseVersion:
    """The same data and truth under another ranking metric, as another version."""
    from campus.cases.actions import install_case
    from grader.checks import check_pack

    target = source.parent / "mended" / source.name
    shutil.copytree(source, target)
    manifest = target / "case.toml"
    text = manifest.read_text(encoding="utf-8").replace('version = "1.0.0"', 'version = "1.1.0"')
    manifest.write_text(
        text.replace('primary = "mae"\nsecondary = "wape"', 'primary = "wape"\nsecondary = "mae"'), encoding="utf-8"
    )
    check_pack(target, recording=True)
    return install_case(source=target, actor=None)


def fill(step: Step) -> None:
    """Scored submissions with places, their scores made up; each with a prediction of its own."""
    from django.db import connection

    from campus.submissions.standings import refresh_standings
    from tests.benchmarks.board import _FILL, _versions

    with connection.cursor() as cursor:
        cursor.execute(
            _FILL, {"step": step.pk, "first": 0, "last": SUBMISSIONS - 1, "learners": LEARNERS, **_versions(step)}
        )
        cursor.execute('UPDATE submissions_prediction SET "array" = (%s::text[])[1 + id %% %s]', [files(step), FILES])
        cursor.execute("ANALYZE")
    refresh_standings(step)


def files(step: Step) -> list[str]:
    import numpy as np

    from campus.submissions.files import store
    from grader.csvfile import Predictions

    pack, drawn = step.case_version.pack(), np.random.default_rng(1)
    shape = (len(step.case_version.build().ids), len(pack.submission.columns))
    arrays = (Predictions(pack.submission.aliases, drawn.uniform(0, 90, shape)) for _ in range(FILES))
    return [store(array.to_bytes(), folder="predictions") for array in arrays]


def measure(rescoring: int, step: Step, enrolments: list[Enrolment]) -> None:
    """Let the workers measure; hand something in every half second and see how long it waits meanwhile."""
    from campus.rescoring.models import Rescoring
    from campus.submissions.actions import Upload, hand_in
    from campus.submissions.models import Grading
    from tests.benchmarks.school import random_file

    parts = [start_part("live"), *(start_part("worker") for _ in range(WORKERS))]
    upload = Upload("live.csv", random_file(step.case_version, seed=1))
    live: list[int] = []
    began = time.monotonic()
    while Rescoring.objects.filter(pk=rescoring, state="measuring").exists() and time.monotonic() - began < 900:
        live.append(hand_in(step=step, enrolment=enrolments[len(live) % LEARNERS], upload=upload).pk)
        time.sleep(LIVE_EVERY_SECONDS)
    print(f"measured and the shadow board worked out after {time.monotonic() - began:.1f} s, workers' start included")
    time.sleep(2)
    for part in parts:
        end_part(part)
    rows = Grading.objects.filter(submission__in=live, state="scored")
    waits = [(row.finished_at - row.queued_at).total_seconds() for row in rows]
    print(f"meanwhile {len(live)} handed in, {len(waits)} scored: p50 {percentile(waits, 0.5):.2f} s, ", end="")
    print(f"p95 {percentile(waits, 0.95):.2f} s, longest {max(waits):.2f} s")


def tell() -> None:
    from campus.live.models import Event
    from campus.rescoring.models import ShadowStanding

    worker = start_part("worker")
    began = time.monotonic()
    while ShadowStanding.objects.changed().filter(told_at=None).exists() and time.monotonic() - began < 120:
        time.sleep(0.1)
    end_part(worker)
    told = Event.objects.filter(kind="rescored").count()
    print(f"{told} told after {time.monotonic() - began:.1f} s, a worker's start included")


if __name__ == "__main__":
    main()
