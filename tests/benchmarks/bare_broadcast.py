"""The yardstick of live_fanout: a bare `websockets` server that tells everybody what it is told to, without sign-in,
database or numbers that are kept. It speaks as much of our protocol as the readers need.

    python -m tests.benchmarks.bare_broadcast PORT
"""

import asyncio
import json
import sys
import time
from itertools import count

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, broadcast, serve

STREAM = "probe:1"
_numbers = count(1)
_readers: set[ServerConnection] = set()


async def answer(connection: ServerConnection) -> None:
    """Take a reader in, or a speaker's ``{"say": n, "text": …}``."""
    async for text in connection:
        wanted = json.loads(text)
        if "subscribe" in wanted:
            _readers.add(connection)
            await connection.send(json.dumps({"subscribed": STREAM, "seq": 0}))
        else:
            for _ in range(wanted["say"]):
                payload = {"text": wanted["text"], "said": time.time()}
                event = {"stream": STREAM, "seq": next(_numbers), "kind": "said", "at": "", "payload": payload}
                broadcast(_readers, json.dumps(event))
            await connection.send("{}")
    _readers.discard(connection)


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
