"""Inside a sandbox without a network: 127.0.0.1:PORT leads to the site, through the one socket that is mounted."""

import asyncio
import threading

_CHUNK = 64 * 1024


def start(port: int, path: str) -> None:
    """Listen from now on, in a thread of its own."""
    ready = threading.Event()
    threading.Thread(target=lambda: asyncio.run(_serve(port, path, ready)), daemon=True, name="site").start()
    ready.wait(5)


async def _serve(port: int, path: str, ready: threading.Event) -> None:
    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_unix_connection(path)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))

    server = await asyncio.start_server(pass_on, "127.0.0.1", port)
    ready.set()
    async with server:
        await server.serve_forever()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()
