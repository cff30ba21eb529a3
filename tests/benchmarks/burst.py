"""2,000 learners hand in case 1 at once, by the API, through the real queue with two workers."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.benchmarks.site import headline, percentile, whole_site

if TYPE_CHECKING:
    from campus.cases.models import Step

LEARNERS, AT_ONCE = 2000, 32


def main() -> None:
    headline(f"{LEARNERS} submissions by the API, {AT_ONCE} connections, two workers")
    with whole_site() as address:
        from django.utils import timezone

        from campus.people.tokens import create_token
        from tests.benchmarks.school import enrol, open_graded_step, random_file

        step = open_graded_step()
        tomorrow = timezone.now() + timedelta(days=1)
        tokens = [
            create_token(person=enrolment.person, name="bench", scopes=["read", "submit"], expires_at=tomorrow)[1]
            for enrolment in enrol(step, learners=LEARNERS)
        ]
        files = [random_file(step.case_version, seed=seed) for seed in range(200)]
        print(f"files of {len(files[0]) / 1e3:.0f} kB, {len(step.case_version.build().ids)} rows")
        began = time.monotonic()
        asyncio.run(hand_in_all(address, step, tokens, files))
        handed_in = time.monotonic() - began
        while unfinished():
            time.sleep(0.1)
        print(f"all handed in after {handed_in:.1f} s, all graded after {time.monotonic() - began:.1f} s")
        report()


async def hand_in_all(address: str, step: Step, tokens: list[str], files: list[bytes]) -> None:
    import httpx

    place = f"{address}/api/v1/cohorts/{step.cohort.slug}/cases/{step.cohort_case.slug}/steps/{step.key}/submissions"
    turns = asyncio.Semaphore(AT_ONCE)

    async def hand_in(number: int) -> None:
        async with turns:
            response = await http.post(
                place,
                headers={"Authorization": f"Bearer {tokens[number]}"},
                files={"file": ("bench.csv", files[number % len(files)], "text/csv")},
            )
            response.raise_for_status()

    async with httpx.AsyncClient(timeout=120, limits=httpx.Limits(max_connections=AT_ONCE)) as http:
        await asyncio.gather(*(hand_in(number) for number in range(len(tokens))))


def unfinished() -> bool:
    from campus.submissions.models import Grading

    return Grading.objects.unfinished().exists()


def report() -> None:
    from campus.submissions.models import Grading, Standing

    waits = [(row.finished_at - row.queued_at).total_seconds() for row in Grading.objects.filter(state="scored")]
    print(f"scored {len(waits)}, on the board {Standing.objects.count()}")
    typical, most = percentile(waits, 0.5), percentile(waits, 0.95)
    print(f"wait for the score: p50 {typical:.2f} s, p95 {most:.2f} s, longest {max(waits):.2f} s")


if __name__ == "__main__":
    main()
