"""What one delivery to one of 2,000 sockets costs the live process, and how late it is; beside a bare server's.

Ours signs everybody in and commits each event to PostgreSQL before it tells it; the bare server only broadcasts.

`make bench BENCH=live_fanout`, or `python -m tests.benchmarks.live_fanout --sockets 500`.
"""

import argparse
import asyncio
import base64
import os
import struct
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil

from tests.benchmarks import bare_broadcast
from tests.benchmarks.site import database_only, free_port

STREAM = "probe:1"
SOCKETS_OF_ONE_PERSON = 10
TEXT = "x" * 200
EVENTS = 200  # said one after another, and once more all at once


class Reader(asyncio.Protocol):
    """The cheapest WebSocket client there can be: it reads the numbers and times of events, and nothing else."""

    def __init__(self, port: int, session: str, last: int | None) -> None:
        self.port, self.session, self.last = port, session, last
        self.numbers: list[int] = []
        self.delays: list[float] = []
        self.is_subscribed = asyncio.get_running_loop().create_future()
        self._buffer = b""
        self._is_open = False

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET /ws/ HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nOrigin: http://127.0.0.1:{self.port}\r\n"
            f"Cookie: campus_session={self.session}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._is_open:
            head, end, self._buffer = self._buffer.partition(b"\r\n\r\n")
            if not end:
                self._buffer = head
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            self._is_open = True
            self._subscribe()
        while (frame := self._take_frame()) is not None:
            self._heard(frame)

    def _subscribe(self) -> None:
        last = "null" if self.last is None else self.last
        text = f'{{"subscribe":{{"{STREAM}":{last}}}}}'.encode()
        self.transport.write(struct.pack("!BB4x", 0x81, 0x80 | len(text)) + text)  # masked with zeros

    def _take_frame(self) -> bytes | None:
        if len(self._buffer) < 4:
            return None
        size, start = self._buffer[1], 2
        if size == 126:
            size, start = struct.unpack("!H", self._buffer[2:4])[0], 4
        if len(self._buffer) < start + size:
            return None
        frame, self._buffer = self._buffer[start : start + size], self._buffer[start + size :]
        return frame

    def _heard(self, frame: bytes) -> None:
        if frame.startswith(b'{"stream"'):
            self.numbers.append(int(frame.split(b'"seq":', 1)[1].split(b",", 1)[0]))
            self.delays.append(time.time() - float(frame.split(b'"said": ', 1)[1].split(b",", 1)[0].rstrip(b"}")))
        elif frame.startswith((b'{"subscribed"', b'{"gap"')) and not self.is_subscribed.done():
            self.is_subscribed.set_result(None)


def serve(port: int) -> None:
    """The live process under test; it lets everybody read."""
    import django

    django.setup()
    from campus.live import rights
    from campus.live.serve import serve as serve_sockets

    rights.readable("probe")(lambda _person, _id: True)
    serve_sockets(host="127.0.0.1", port=port)


def sessions(count: int) -> list[str]:
    """Session keys of persons who are signed in."""
    from django.conf import settings
    from django.test import Client

    from campus.people.models import Person

    keys = []
    for number in range(count):
        client = Client()
        person = Person.objects.create_user(f"reader{number}@example.org", name=f"Reader {number}")
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        keys.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return keys


def say(count: int) -> None:
    """Publish events in one transaction."""
    from campus import live

    with live.atomic():
        for _ in range(count):
            live.publish(STREAM, "said", {"text": TEXT, "said": time.time()})


async def open_readers(port: int, keys: list[str], count: int, last: int | None) -> list[Reader]:
    loop = asyncio.get_running_loop()
    readers = []
    for number in range(count):
        reader = Reader(port, keys[number // SOCKETS_OF_ONE_PERSON], last)
        await loop.create_connection(lambda own=reader: own, "127.0.0.1", port)
        readers.append(reader)
    await asyncio.gather(*(reader.is_subscribed for reader in readers))
    return readers


async def heard(readers: list[Reader], count: int) -> None:
    deadline = time.monotonic() + 60
    while any(len(reader.numbers) < count for reader in readers):
        assert time.monotonic() < deadline, "deliveries are missing"
        await asyncio.sleep(0.02)


class Meter:
    """CPU seconds and bytes of memory of a server."""

    def __init__(self, pid: int) -> None:
        self.process = psutil.Process(pid)

    def cpu(self) -> float:
        times = self.process.cpu_times()
        return times.user + times.system

    def memory(self) -> int:
        return int(self.process.memory_info().rss)


async def measure_ours(port: int, meter: Meter, count: int) -> None:
    loop, thread = asyncio.get_running_loop(), ThreadPoolExecutor(1)
    keys = await loop.run_in_executor(thread, sessions, -(-count // SOCKETS_OF_ONE_PERSON))
    memory, began = meter.memory(), time.monotonic()
    readers = await open_readers(port, keys, count, None)
    seconds, each = time.monotonic() - began, (meter.memory() - memory) / count
    print(f"{count} sockets signed in and subscribed in {seconds:.1f} s, {each / 1024:.0f} KB each")

    async def tell(events: int) -> None:
        await loop.run_in_executor(thread, say, events)

    await measure("ours", readers, tell, meter)
    expected = list(range(1, 2 * EVENTS + 1))
    print(f"lost, doubled or out of order: {sum(reader.numbers != expected for reader in readers)} of {count} sockets")
    await come_back(port, keys, readers, expected[-1], meter)


async def measure_bare(port: int, meter: Meter, count: int) -> None:
    memory = meter.memory()
    readers = await open_readers(port, [""] * count, count, None)
    print(f"{count} sockets at the bare server, {(meter.memory() - memory) / count / 1024:.0f} KB each")

    async def tell(events: int) -> None:
        await bare_broadcast.say(port, events, TEXT)

    await measure("bare", readers, tell, meter)
    for reader in readers:
        reader.transport.close()


async def measure(whose: str, readers: list[Reader], tell: Callable[[int], Awaitable[None]], meter: Meter) -> None:
    """One event after another, then all at once."""
    cpu, began = meter.cpu(), time.monotonic()
    for _ in range(EVENTS):
        await tell(1)
        await asyncio.sleep(0.03)
    await heard(readers, EVENTS)
    report(f"{whose}, one after another", meter.cpu() - cpu, time.monotonic() - began, readers)

    cpu, began = meter.cpu(), time.monotonic()
    await tell(EVENTS)
    await heard(readers, 2 * EVENTS)
    report(f"{whose}, {EVENTS} at once", meter.cpu() - cpu, time.monotonic() - began, readers)


async def come_back(port: int, keys: list[str], readers: list[Reader], last: int, meter: Meter) -> None:
    for reader in readers:
        reader.transport.close()
    await asyncio.sleep(1)
    cpu, began = meter.cpu(), time.monotonic()
    again = await open_readers(port, keys, len(readers), last - 50)
    await heard(again, 50)
    seconds, each = time.monotonic() - began, (meter.cpu() - cpu) / len(again)
    print(f"{len(again)} sockets heard the 50 events they had missed in {seconds:.1f} s, {each * 1e3:.1f} ms CPU")


def report(what: str, cpu: float, seconds: float, readers: list[Reader]) -> None:
    deliveries = EVENTS * len(readers)
    delays = sorted(delay for reader in readers for delay in reader.delays[-EVENTS:])
    print(
        f"{what}: {deliveries} deliveries in {seconds:.1f} s ({deliveries / seconds:,.0f}/s), "
        f"{cpu / deliveries * 1e6:.1f} µs CPU each; from saying to the reader "
        f"p50 {delays[len(delays) // 2] * 1e3:.0f} ms, p99 {delays[len(delays) * 99 // 100] * 1e3:.0f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=2000)
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve)
        return
    with database_only():
        port = free_port()
        live = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.live_fanout", "--serve", str(port)])
        try:
            wait_for(port)
            asyncio.run(measure_ours(port, Meter(live.pid), arguments.sockets))
        finally:
            live.terminate()
            live.wait()
    port = free_port()
    bare = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.bare_broadcast", str(port)])
    try:
        wait_for(port)
        asyncio.run(measure_bare(port, Meter(bare.pid), arguments.sockets))
    finally:
        bare.terminate()
        bare.wait()


def wait_for(port: int) -> None:
    import socket

    deadline = time.monotonic() + 30
    while socket.socket().connect_ex(("127.0.0.1", port)):
        assert time.monotonic() < deadline, "the live process did not start"
        time.sleep(0.1)
    time.sleep(1)


if __name__ == "__main__":
    main()
