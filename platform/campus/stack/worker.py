"""The worker: background jobs from Procrastinate's queue, and whatever has to happen every few seconds."""

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procrastinate import App

# Health asks for a sign of life within 15 s (campus.stack.health).
HEARTBEAT_SECONDS = 5


def work(*, queues: list[str]) -> None:
    """Run jobs of `queues` (all of them if empty) until SIGTERM; a job that runs is finished or given back."""
    import django

    django.setup()
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
            await _run_jobs(app, queues)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(threads.close)


async def _run_jobs(app: "App", queues: list[str]) -> None:
    await app.run_worker_async(
        queues=queues or None,  # type: ignore[arg-type]  # None is all of them.
        # Jobs are threads that mostly wait for a sandboxed process; more machines mean more workers.
        concurrency=2,
        fetch_job_polling_interval=1.0,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=4 * HEARTBEAT_SECONDS,
        shutdown_graceful_timeout=20,
        delete_jobs="successful",
    )
