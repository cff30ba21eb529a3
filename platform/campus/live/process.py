"""What a live process holds from start to end: the hub, its threads, its chores."""

import asyncio
import logging
import sys
from typing import Any

from campus.live import upkeep
from campus.live.chores import chores, repeat
from campus.live.hub import Hub
from campus.live.presence import Presence
from campus.live.threads import Threads

logger = logging.getLogger(__name__)


class LiveProcess:
    """Everything that runs behind the sockets of one process."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.threads = Threads("live-rights", 2)
        self._chore_threads = Threads("live-chores", 3)
        self.presence = Presence(self.hub, self._chore_threads)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self.hub.start()
        sys.setswitchinterval(0.0005)  # The loop gets its turn ten times sooner while threads ask for rights.
        self._tasks = [asyncio.create_task(repeat(chore, self._chore_threads)) for chore in chores.values()]
        self._tasks.append(asyncio.create_task(self._beat()))
        self._tasks.append(asyncio.create_task(self.presence.run()))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.hub.stop()
        for threads in (self._chore_threads, self.threads):
            await asyncio.to_thread(threads.close)

    async def _beat(self) -> None:
        while True:
            if self.hub.is_listening:
                try:
                    await self._chore_threads.run(upkeep.beat)
                except Exception as error:
                    logger.warning("live can't show its pulse: %s", error)
            await asyncio.sleep(upkeep.PULSE_EVERY if self.hub.is_listening else 0.2)


async def lifespan(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """ASGI's lifespan: start the live process with the server, put its parts into the state, stop it at the end."""
    process = LiveProcess()
    await receive()
    process.start()
    scope["state"].update(hub=process.hub, threads=process.threads, presence=process.presence)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await process.stop()
    await send({"type": "lifespan.shutdown.complete"})
