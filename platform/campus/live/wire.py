"""The way to one browser: WebSocket frames that are ready, written to its connection as they are.

What is told to everybody is encoded once and the same bytes go to every socket. The ASGI way (an awaited `send` in a
task for each socket, which encodes anew) costs three times as much as everything else a delivery takes.
"""

from typing import TYPE_CHECKING

from websockets.frames import Frame, Opcode

if TYPE_CHECKING:
    from campus.live.serve import LiveProtocol

# What may wait for one browser. Who reads more slowly than that is given up, never waited for.
BUFFER_BYTES = 1_000_000


def frame_of(text: str) -> bytes:
    """The text as one WebSocket frame of a server (RFC 6455, 5.2: not masked), not compressed."""
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


class Wire:
    """A connection as the hub sees it; the protocol's own frames (pings, the close) go between what is written here."""

    def __init__(self, protocol: "LiveProtocol") -> None:
        self._protocol = protocol

    def write(self, frames: bytes) -> None:
        """Hand over whole frames; never waits, and does nothing once the close has been said."""
        if not self._protocol.close_sent and not self._protocol.transport.is_closing():
            self._protocol.transport.write(frames)

    @property
    def waiting(self) -> int:
        """How many bytes the browser has not taken yet."""
        return self._protocol.transport.get_write_buffer_size()

    def cut(self) -> None:
        """End the connection without a word."""
        self._protocol.transport.abort()
