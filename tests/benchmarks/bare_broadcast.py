"""The yardstick of live_fanout: a bare `websockets` server that tells everybody what it is told to, without sign-in,
database or numbers that are kept. It speaks as much of our protocol as the readers need.

    python -m tests.benchmarks.bare_broadcast PORT
"""

import asyncio
import json
import sys
import time
from contextlib import suppress
from itertools import count

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

STREAM = "probe:1"
_numbers = count(1)
_readers: set[ServerConnection] = set()


async def answer(connection: ServerConnection) -> None:
    """Take a reader in, or a speaker's ``{"say": n, "text": …}``, until it is gone."""
    with suppress(ConnectionClosed):
        async for text in connection:
            wanted = json.loads(text)
            if "subscribe" in wanted:
                _readers.add(connection)
                await connection.send(json.dumps({"subscribed": STREAM, "seq": 0}))
            else:
                _tell_all(wanted["say"], wanted["text"])
                await connection.send("{}")
    _readers.discard(connection)


def _tell_all(events: int, text: str) -> None:
    for _ in range(events):
        payload = {"text": text, "said": time.time()}
        event = {"stream": STREAM, "seq": next(_numbers), "kind": "said", "at": "", "payload": payload}
        broadcast(_readers, json.dumps(event))


async def say(port: int, events: int, text: str) -> None:
    """Have so many events told."""
    async with connect(f"ws://127.0.0.1:{port}/ws/") as speaker:
        await speaker.send(json.dumps({"say": events, "text": text}))
        await speaker.recv()


async def main(port: int) -> None:
    async with serve(answer, "127.0.0.1", port, compression=None, ping_interval=20, backlog=4096) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
