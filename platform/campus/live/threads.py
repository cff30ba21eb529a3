"""Run what is synchronous (the ORM) from the event loop, in a few threads that keep their connections."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import ParamSpec, TypeVar

from django.db import close_old_connections, connections

P = ParamSpec("P")
R = TypeVar("R")


class Threads:
    """A fixed number of threads, each with its own database connection."""

    def __init__(self, name: str, count: int) -> None:
        self._count = count
        self._pool = ThreadPoolExecutor(count, thread_name_prefix=name)

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Return what the function returns; a connection that died meanwhile is replaced before the call."""

        def call() -> R:
            close_old_connections()
            try:
                return function(*args, **kwargs)
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(self._pool, call)

    def close(self) -> None:
        """Wait for what runs, close every thread's connection and end the threads."""
        barrier = Barrier(self._count)

        def close_connections() -> None:
            barrier.wait()
            connections.close_all()

        for _ in range(self._count):
            self._pool.submit(close_connections)
        self._pool.shutdown(wait=True)
