"""100 faults while events are told: live process killed, PostgreSQL killed, readers stalled, all sockets cut at once.

    python -m tests.benchmarks.live_faults [--faults 100] [--sockets 300]

Each reader comes back by itself and goes on from the last number it heard, as the page does. In the end every reader
must have heard every event that was committed, once and in order.
"""

import argparse
import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.benchmarks.live_fanout import SOCKETS_OF_ONE_PERSON, STREAM, Reader, sessions, wait_for
from tests.benchmarks.site import database_only, free_port, headline, percentile

EVENT_EVERY = 0.5  # seconds; what an outage of 50 s makes one miss is still sent on coming back
STALLED = 0.01  # of the readers
MOST_SECONDS = 120  # for everybody to catch up after a fault


class Returning(Reader):
    """A reader that connects again when its socket is gone, until it has left."""

    has_left = False
    again: asyncio.Task[None]

    def connection_lost(self, error: Exception | None) -> None:
        if self.has_left:
            return
        self._buffer, self._is_open = b"", False
        self.last = self.numbers[-1] if self.numbers else 0
        self.again = asyncio.get_running_loop().create_task(self._come_back())

    async def _come_back(self) -> None:
        loop, pause = asyncio.get_running_loop(), 0.1
        while True:
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))
            with contextlib.suppress(OSError):
                await loop.create_connection(lambda: self, "127.0.0.1", self.port)
                return
            pause = min(2 * pause, 2)

    @property
    def state(self) -> str:
        if self.transport.is_closing():
            return "connecting again" if not self.again.done() else f"ended: {self.again.exception()}"
        return "open" if self._is_open else "no answer to the handshake"

    def _heard(self, frame: bytes) -> None:
        if frame.startswith((b'{"gap"', b'{"reset"')):
            raise AssertionError(f"more was missed than is sent: {frame!r}")
        super()._heard(frame)


class Speaker(threading.Thread):
    """Says one event after the other; remembers the number of the last one that was committed."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.last = 0
        self.ended = threading.Event()

    def run(self) -> None:
        from django.db import DatabaseError, InterfaceError, connection

        from campus import live

        while not self.ended.wait(EVENT_EVERY):
            try:
                with live.atomic():
                    live.publish(STREAM, "said", {"text": "x" * 200, "said": time.time()})
                self.last = live.last_seq(STREAM)
            except (DatabaseError, InterfaceError):
                connection.close()  # Whether it was committed shows in the next number.


class Site:
    """The live process and PostgreSQL, and how they are killed; both are started again at once."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir, self.port = data_dir, free_port()
        self.database: subprocess.Popen[bytes] | None = None
        self.start_live()

    def start_live(self) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.live_fanout", "--serve", str(self.port)]
        self.live = subprocess.Popen(command, stderr=subprocess.DEVNULL)

    def kill_live(self) -> None:
        self.live.kill()
        self.live.wait()
        self.start_live()

    def kill_database(self) -> None:
        from campus.stack import embedded
        from campus.stack.account import CannotRun

        pid = int((self.data_dir / "postgres/data/postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)
        for _ in range(40):
            with contextlib.suppress(CannotRun):
                self.database = embedded.start(self.data_dir)
                return
            time.sleep(0.5)  # Backends of the killed server take a moment to notice.
        raise RuntimeError("PostgreSQL does not start again")


class Audience:
    """The readers, and what happens to them and to the site."""

    def __init__(self, site: Site, keys: list[str], count: int) -> None:
        self.site, self.drawn = site, random.Random(1)
        self.readers = [Returning(site.port, keys[number // SOCKETS_OF_ONE_PERSON], None) for number in range(count)]
        self.faults: dict[str, Callable[[], Awaitable[None]]] = {
            "live process killed": lambda: asyncio.to_thread(site.kill_live),
            "PostgreSQL killed": lambda: asyncio.to_thread(site.kill_database),
            "1 % of the readers stalled": self.stall,
            "all sockets cut at once": self.cut,
        }

    async def arrive(self) -> None:
        loop = asyncio.get_running_loop()
        for reader in self.readers:
            await loop.create_connection(lambda own=reader: own, "127.0.0.1", self.site.port)  # type: ignore[misc]
        await asyncio.gather(*(reader.is_subscribed for reader in self.readers))

    async def stall(self) -> None:
        chosen = self.drawn.sample(self.readers, max(1, int(STALLED * len(self.readers))))
        for reader in chosen:
            reader.transport.pause_reading()
        await asyncio.sleep(3)
        for reader in chosen:
            with contextlib.suppress(RuntimeError):
                reader.transport.resume_reading()

    async def cut(self) -> None:
        for reader in self.readers:
            reader.transport.abort()

    async def leave(self) -> None:
        for reader in self.readers:
            reader.has_left = True
            reader.transport.abort()
        await asyncio.sleep(0.1)


async def run(site: Site, *, faults: int, sockets: int) -> None:
    keys = await asyncio.to_thread(sessions, -(-sockets // SOCKETS_OF_ONE_PERSON))
    audience = Audience(site, keys, sockets)
    await audience.arrive()
    speaker = Speaker()
    speaker.start()
    seconds: dict[str, list[float]] = {name: [] for name in audience.faults}
    for number in range(faults):
        name = list(audience.faults)[number % len(audience.faults)]
        await asyncio.sleep(audience.drawn.uniform(0.3, 1.5))
        began = time.monotonic()
        await audience.faults[name]()
        seconds[name].append(await caught_up(speaker, audience.readers, began))
    speaker.ended.set()
    await asyncio.to_thread(speaker.join)
    await caught_up(speaker, audience.readers, time.monotonic())
    await audience.leave()
    for name, each in seconds.items():
        if each:
            median = percentile(each, 0.5)
            print(
                f"{name}: {len(each)} times, all caught up after {median:.1f} s (median), {max(each):.1f} s (longest)"
            )
    judge(audience.readers, speaker.last)


async def caught_up(speaker: Speaker, readers: list[Returning], began: float) -> float:
    """Seconds until an event said after the fault has reached everybody."""
    wanted = speaker.last + 1 if speaker.is_alive() else speaker.last
    while any(not reader.numbers or reader.numbers[-1] < wanted for reader in readers):
        assert time.monotonic() - began < MOST_SECONDS, f"after {MOST_SECONDS} s: {silence(speaker, readers, wanted)}"
        await asyncio.sleep(0.02)
    return time.monotonic() - began


def silence(speaker: Speaker, readers: list[Returning], wanted: int) -> str:
    """What is known of those who hear nothing any more."""
    behind = [reader for reader in readers if not reader.numbers or reader.numbers[-1] < wanted]
    states = Counter(reader.state for reader in behind)
    return (
        f"{len(behind)} of {len(readers)} readers wait for {wanted}, {speaker.last} is the last said"
        f" ({'still' if speaker.is_alive() else 'no longer'} speaking); {dict(states)}"
    )


def judge(readers: list[Returning], last: int) -> None:
    lost = doubled = out_of_order = 0
    for reader in readers:
        counted = Counter(reader.numbers)
        lost += last - len(counted)
        doubled += sum(count - 1 for count in counted.values())
        out_of_order += sum(later < earlier for earlier, later in zip(reader.numbers, reader.numbers[1:], strict=False))
    print(f"{last} events to {len(readers)} readers: lost {lost}, doubled {doubled}, out of order {out_of_order}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=100)
    parser.add_argument("--sockets", type=int, default=300)
    options = parser.parse_args()
    headline(f"{options.faults} faults, {options.sockets} sockets, an event every {EVENT_EVERY} s")
    with database_only() as data_dir:
        site = Site(data_dir)
        try:
            wait_for(site.port)
            asyncio.run(run(site, faults=options.faults, sockets=options.sockets))
        finally:
            site.live.kill()
            site.live.wait()
            if site.database:
                from campus.stack import embedded

                embedded.stop(site.database)


if __name__ == "__main__":
    main()
