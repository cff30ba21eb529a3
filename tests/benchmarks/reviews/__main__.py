"""Who gets reviews in time when a fifth leaves, what giving out costs on the site, and what the marks are worth.

python -m tests.benchmarks.reviews [--learners 2000] [--seed 1]

The assumptions stand in `days.py` and `marks.py`. Beside the simulated days stands what could be reached at all
(`foresight.py`). The days are simulated in processes of their own, as many as there are processors.
"""

import argparse
import contextlib
import io
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from functools import partial

from tests.benchmarks.reviews import days, foresight, marks, site
from tests.benchmarks.reviews.days import Scenario
from tests.benchmarks.site import headline

SLOW, FAR = "slow people mostly stay slow", "no deadline in sight"
SCENARIOS = (
    Scenario(f"{SLOW}, deadline after 7 days", kept=0.7, closes=timedelta(days=7)),
    Scenario("everybody's pace is drawn anew each time, deadline after 7 days", kept=0.0, closes=timedelta(days=7)),
    Scenario(f"{SLOW}, {FAR}, nobody heeds a review's own date", kept=0.7, closes=timedelta(days=30)),
    Scenario(f"{SLOW}, {FAR}, 40 % heed a review's own date", kept=0.7, closes=timedelta(days=30), heed=0.4),
    Scenario(f"{SLOW}, {FAR}, 80 % heed a review's own date", kept=0.7, closes=timedelta(days=30), heed=0.8),
)


def told_days(scenario: Scenario, *, learners: int, seed: int) -> str:
    """What a scenario's ten days come to, as text: it runs in another process."""
    school = days.make_school(scenario, learners=learners, seed=seed)
    school.run()
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        headline(f"{learners:,} learners, 20 % leave; {scenario.words}")
        days.tell(school)
        bounds = [foresight.reachable(school, favours=favours) for favours in (False, True)]
        print(f"could be reached, all foreseen  {bounds[1]:8.1%}   at most; without favours {bounds[0]:.1%}")
    return told.getvalue()


def all_days(*, learners: int, seed: int) -> Iterator[str]:
    with ProcessPoolExecutor() as processes:
        yield from processes.map(partial(told_days, learners=learners, seed=seed), SCENARIOS)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--learners", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for told in all_days(learners=options.learners, seed=options.seed):
        print(told, end="", flush=True)
    site.measure(options.learners)
    headline("error beside the plain mean (share of the scale), and how often the interval holds the true value")
    marks.tell(learners=options.learners, seed=options.seed)


if __name__ == "__main__":
    main()
