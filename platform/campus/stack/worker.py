"""The worker: background jobs from Procrastinate's queue, and whatever has to happen every few seconds."""

import asyncio
import os
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procrastinate import App

# Health asks for a sign of life within 15 s (campus.stack.health).
HEARTBEAT_SECONDS = 5


def work(*, queues: list[str]) -> None:
    """Run jobs of `queues` (all of them if empty) until SIGTERM; a job that runs is finished or given back."""
    import django

    django.setup()
    from campus.live.pulse import WORKERS_NAME

    # Its connections are known by it, among them how many workers there are.
    os.environ["PGAPPNAME"] = f"{WORKERS_NAME}{socket.gethostname()[:30]} {os.getpid()}"
    from procrastinate.contrib.django import app

    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        asyncio.run(_work(app, queues))


async def _work(app: "App", queues: list[str]) -> None:
    from campus.live.chores import chores, repeat
    from campus.live.threads import Threads

    threads = Threads("worker-chores", 1)
    # The sweepers, so that work goes on when no live process runs; what happens several times a second is theirs.
    tasks = [asyncio.create_task(repeat(chore, threads)) for chore in chores.values() if chore.seconds >= 1]
    try:
        async with app.open_async():
            await _run_all(app, queues)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(threads.close)


# Jobs that wait for the runner, for a minute perhaps: they have threads of their own, so that a CSV file never waits
# behind a program.
RUNS = "runs"
# Drawing pages of what people hand in: one at a time, for the same reason.
PAGES = "pages"


async def _run_all(app: "App", queues: list[str]) -> None:
    """Run the jobs of these queues, those that take long beside all others."""
    from campus.environment import read_environment
    from campus.live.pulse import JOBS_AT_A_TIME

    known = {task.queue for task in app.tasks.values()} | {"default", "builtin"}
    wanted = set(queues) or known
    loops = []
    if others := sorted(wanted - {RUNS, PAGES}):
        loops.append(_run_jobs(app, others, concurrency=JOBS_AT_A_TIME))
    if RUNS in wanted:
        loops.append(_run_jobs(app, [RUNS], concurrency=read_environment().runner_parallel))
    if PAGES in wanted:
        loops.append(_run_jobs(app, [PAGES], concurrency=1))
    tasks = [asyncio.ensure_future(loop) for loop in loops]
    try:
        # The first that ends (SIGTERM ends it) ends all.
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for outcome in ended:
        if isinstance(outcome, Exception):
            raise outcome


async def _run_jobs(app: "App", queues: list[str], *, concurrency: int) -> None:
    await app.run_worker_async(
        queues=queues,
        # Jobs are threads; more machines mean more workers.
        concurrency=concurrency,
        fetch_job_polling_interval=1.0,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=4 * HEARTBEAT_SECONDS,
        shutdown_graceful_timeout=20,
        delete_jobs="successful",
    )
