"""What giving out and evaluating the reviews of a whole cohort takes on the site's own tables. Part of `reviews`.

python -m tests.benchmarks.reviews.site [--learners 2000]
"""

import argparse
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.benchmarks.site import database_only, headline


def measure(learners: int) -> None:
    """Times of the first giving out, of one more hand-in, of a look that finds nothing to do, and of all results."""
    with database_only():
        headline(f"{learners:,} learners, on the site's tables")
        found, late = _prepare(learners)
        from campus.reviews.assigning import admit, assign

        first = _timed("all hand-ins at once (target 5 s)", lambda: assign(found))
        assert len(first.gives) == 3 * learners
        deliverable = _hand_in(found.judged, late)
        one = _timed("one more hand-in (target 1 s)", lambda: admit(found, deliverable))
        assert len(one.gives) == 6, "three for her, three by her"
        again = _timed("a look at all, nothing to do", lambda: assign(found))
        assert again.is_empty
        _give_everything(found)
        from campus.reviews.results import work_out

        _timed("results of all works", lambda: work_out(found))


def _timed(what: str, do: Callable[[], Any]) -> Any:
    began, cpu = time.perf_counter(), time.process_time()
    answer = do()
    print(f"{what:34s} {time.perf_counter() - began:8.2f} s, {time.process_time() - cpu:.2f} s of it our own processor")
    return answer


def _prepare(learners: int) -> tuple[Any, Any]:
    """A round that is open, with a hand-in of each learner but the last. Pages' addresses are loaded, as on a site."""
    from django.utils import timezone

    import campus.urls  # noqa: F401
    from campus.cases.models import Step
    from campus.deliverables.models import Deliverable
    from campus.reviews.rounds import round_of
    from tests.benchmarks.school import enrol, open_graded_step

    graded = open_graded_step()
    *enrolments, late = enrol(graded, learners=learners + 1)
    steps = Step.objects.with_case().filter(cohort_case=graded.cohort_case)
    now = timezone.now()
    steps.filter(kind="review").update(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=7))
    judged = steps.get(key="proposal")
    Deliverable.objects.bulk_create(
        Deliverable(step=judged, enrolment=one, number=1, text="# 提案", ai_use="なし") for one in enrolments
    )
    return round_of(steps.get(kind="review")), late


def _hand_in(step: Any, enrolment: Any) -> Any:
    from campus.deliverables.models import Deliverable

    return Deliverable.objects.create(step=step, enrolment=enrolment, number=1, text="# 提案", ai_use="なし")


def _give_everything(found: Any) -> None:
    from django.utils import timezone

    from campus.reviews.decisions import Stage
    from campus.reviews.models import Assignment, Review
    from campus.reviews.practice import rubric_of_round

    keys = [one.key for one in rubric_of_round(found)]
    rows = list(Assignment.objects.all())
    Review.objects.bulk_create(
        Review(assignment=one, marks={key: 1 + (one.pk + number) % 4 for number, key in enumerate(keys)})
        for one in rows
    )
    Assignment.objects.update(stage=Stage.GIVEN, given_at=timezone.now())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--learners", type=int, default=2_000)
    measure(parser.parse_args().learners)
