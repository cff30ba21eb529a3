"""How client and server speak: a length and a header in JSON, then as many bytes as the header says.

A stream without descriptors, so that a runner on another host can be reached through any tunnel of sockets.
"""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

LARGEST_HEADER = 100_000
LARGEST_BLOB = 1_000_000_000
_LENGTH = struct.Struct("!I")


class Broken(Exception):
    """The other side went away, or said what makes no sense."""


def send(channel: socket.socket, header: dict[str, Any], *blobs: bytes | memoryview) -> None:
    """One message; the sizes of the blobs go with its header. Raises Broken."""
    told = json.dumps({**header, "blobs": [len(blob) for blob in blobs]}).encode()
    if len(told) > LARGEST_HEADER:
        raise Broken("the header is too long")
    try:
        channel.sendall(_LENGTH.pack(len(told)) + told)
        for blob in blobs:
            channel.sendall(blob)
    except OSError as error:
        raise Broken(str(error)) from error


def receive(channel: socket.socket, *, most: int = LARGEST_BLOB) -> tuple[dict[str, Any], list[bytes]]:
    """One message with its blobs, ``most`` bytes of them in all. Raises Broken."""
    (length,) = _LENGTH.unpack(_exactly(channel, _LENGTH.size))
    if length > LARGEST_HEADER:
        raise Broken("the header is too long")
    try:
        header = json.loads(_exactly(channel, length))
        sizes = header["blobs"]
        good = all(type(size) is int and size >= 0 for size in sizes) and sum(sizes) <= most
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Broken("the header is no JSON") from error
    if not good:
        raise Broken("the blobs are too large")
    return header, [_exactly(channel, size) for size in sizes]


def _exactly(channel: socket.socket, size: int) -> bytes:
    buffer = bytearray(min(size, 1 << 20))
    held = 0
    while held < size:
        if held == len(buffer):  # grows as bytes arrive: a header that promises a lot costs nothing
            buffer.extend(bytes(min(size - held, len(buffer))))
        try:
            got = channel.recv_into(memoryview(buffer)[held:])
        except OSError as error:
            raise Broken(str(error)) from error
        if got == 0:
            raise Broken("the other side went away")
        held += got
    return bytes(buffer)
