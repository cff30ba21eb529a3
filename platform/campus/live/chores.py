"""What every live process does again and again: apps register a function, it runs in a thread."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection

from campus.live.threads import Threads

logger = logging.getLogger(__name__)
Work = Callable[[], object]
_W = TypeVar("_W", bound=Work)

LONGEST_PAUSE = 10.0  # seconds between attempts of a chore that fails


@dataclass(frozen=True)
class Chore:
    name: str
    seconds: float
    work: Work


chores: dict[str, Chore] = {}


def every(seconds: float) -> Callable[[_W], _W]:
    """Register a function for the live processes to call every so many seconds, never two at once anywhere.

    Each live process calls it, so it must do no harm when it is called more often. Errors are logged and it is
    called again, at growing distances while it fails.
    """
    if seconds <= 0:
        raise ValueError(f"a chore can't run every {seconds} seconds")

    def register(work: _W) -> _W:
        name = f"{work.__module__}.{work.__qualname__}"
        chores[name] = Chore(name, seconds, work)
        return work

    return register


def run_alone(chore: Chore) -> bool:
    """Do the chore unless another process is at it; returns whether it was done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [f"campus.live:{chore.name}"])
        if not cursor.fetchone()[0]:
            return False
    try:
        chore.work()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [f"campus.live:{chore.name}"])
    return True


async def repeat(chore: Chore, threads: Threads) -> None:
    """Run a chore for ever, soon after the start for the first time: what lay undone meanwhile is owed now."""
    pause = min(chore.seconds, 1.0)
    while True:
        await asyncio.sleep(pause)
        try:
            await threads.run(run_alone, chore)
            pause = chore.seconds
        except Exception:
            pause = min(max(LONGEST_PAUSE, chore.seconds), max(1.0, pause * 2))
            logger.exception("chore %s failed, again in %.0f s", chore.name, pause)
