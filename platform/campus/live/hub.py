"""The in-process hub: each event is read once, encoded once and handed to the sockets that follow its stream."""

import asyncio
import contextlib
import json
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping

import django.db
import psycopg

from campus.live.archive import PAGE, RECENT, Archive, News, Opened, listening
from campus.live.jitter import jittered
from campus.live.streams import RIGHTS_CHANNEL
from campus.live.wire import BUFFER_BYTES, Wire, frame_of

logger = logging.getLogger(__name__)

POLL_EVERY = 0.8  # seconds; what a lost wake-up costs at most, with the reading below a second
KEEP_UNUSED = 30.0  # seconds that a stream without readers is kept: pages are reloaded
AT_ONCE = 64 * 1024  # bytes of events written to a socket in one go
DATABASE_ERRORS = (psycopg.Error, django.db.Error, OSError, TimeoutError)


class Socket:
    """One browser: whose it is, what it follows, the wire to it. A reader too slow is given up, never waited for."""

    def __init__(self, person_id: int, wire: Wire, on_overflow: Callable[[], object]) -> None:
        self.person_id = person_id
        self.streams: set[str] = set()
        self.rights_changed = asyncio.Event()
        self._wire = wire
        self._on_overflow = on_overflow
        self._is_given_up = False

    def push(self, frames: bytes) -> None:
        """Write frames now, or as soon as the browser has taken what waits."""
        if self._is_given_up:
            return
        if self._wire.waiting + len(frames) > BUFFER_BYTES:
            self._is_given_up = True
            self._on_overflow()
            return
        self._wire.write(frames)

    def say(self, message: Mapping[str, object]) -> None:
        """Push a message for this browser alone."""
        self.push(frame_of(json.dumps(message)))

    def has_room_for(self, size: int) -> bool:
        """Whether so many bytes leave half of the buffer to what happens next."""
        return self._wire.waiting + size <= BUFFER_BYTES // 2


class Channel:
    """A stream that somebody here follows, up to which number it has been told, and its latest events."""

    def __init__(self, stream: Opened) -> None:
        self.id, self.key, self.seq, self.pruned = stream.id, stream.key, stream.seq, stream.pruned
        frames = [(seq, frame_of(text)) for seq, text in stream.frames]
        self.recent: deque[tuple[int, bytes]] = deque(frames, maxlen=RECENT)
        self.sockets: set[Socket] = set()
        self.newcomers: set[Socket] = set()  # who has heard no whisper yet
        self.unused_since = time.monotonic()

    @property
    def remembers_after(self) -> int:
        """The number after which every event is in `recent`."""
        return self.recent[0][0] - 1 if self.recent else self.seq

    def tell(self, events: Iterable[News]) -> None:
        """Write events to every socket, those that were told already left out."""
        frames = []
        for event in events:
            if event.seq > self.seq:
                self.seq = event.seq
                frames.append(frame_of(event.text))
                self.recent.append((event.seq, frames[-1]))
        together = b"".join(frames)
        if together:
            for socket in self.sockets:
                socket.push(together)

    def admit(self, socket: Socket, last: int | None) -> None:
        """Let a socket follow from its last number on: what it missed, the answer, then what comes."""
        socket.streams.add(self.key)
        self.sockets.add(socket)
        self.newcomers.add(socket)
        socket.say(self._welcome(socket, last))

    def _welcome(self, socket: Socket, last: int | None) -> dict[str, object]:
        if last is None or last == self.seq:
            return {"subscribed": self.key, "seq": self.seq}
        if not self.pruned <= last <= self.seq:
            return {"reset": self.key, "seq": self.seq}
        missed = b"".join(frame for seq, frame in self.recent if seq > last)
        if last < self.remembers_after or not socket.has_room_for(len(missed)):
            return {"gap": self.key, "seq": self.seq}
        socket.push(missed)
        return {"subscribed": self.key, "seq": self.seq}

    def whisper(self, frame: bytes, *, also_known: bool) -> None:
        """Push a frame that is no event; where it says what the others know already, to newcomers only."""
        for socket in self.newcomers if also_known else self.sockets:
            if socket.has_room_for(len(frame)):
                socket.push(frame)
        self.newcomers.clear()

    def dismiss(self, socket: Socket) -> None:
        socket.streams.discard(self.key)
        self.sockets.discard(socket)
        self.newcomers.discard(socket)
        if not self.sockets:
            self.unused_since = time.monotonic()


def in_portions(news: Iterable[News]) -> Iterator[tuple[int, list[News]]]:
    """Events (stream by stream) as lists of one stream each, of about AT_ONCE bytes at most."""
    stream_id, portion, size = 0, list[News](), 0
    for event in news:
        if portion and (event.stream_id != stream_id or size + len(event.text) > AT_ONCE):
            yield stream_id, portion
            portion, size = [], 0
        stream_id = event.stream_id
        portion.append(event)
        size += len(event.text)
    if portion:
        yield stream_id, portion


class Hub:
    """All sockets and followed streams of this process."""

    def __init__(self) -> None:
        self.is_listening = False
        self._archive = Archive()
        self._channels: dict[str, Channel] = {}
        self._by_id: dict[int, Channel] = {}
        self._sockets: dict[int, set[Socket]] = {}
        self._opening = asyncio.Lock()
        self._reading = asyncio.Lock()
        self._news = asyncio.Event()
        self._changed: set[int] = set()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(run()) for run in (self._listen, self._read)]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._archive.close()

    # --- sockets ---

    def join(self, socket: Socket) -> int:
        """Count a socket in; returns how many its person has here now."""
        own = self._sockets.setdefault(socket.person_id, set())
        own.add(socket)
        return len(own)

    def leave(self, socket: Socket) -> None:
        self.unsubscribe(socket, list(socket.streams))
        own = self._sockets.get(socket.person_id, set())
        own.discard(socket)
        if not own:
            self._sockets.pop(socket.person_id, None)

    async def subscribe(self, socket: Socket, wanted: Mapping[str, int | None]) -> None:
        """Let a socket follow streams; the caller has asked whether it may. Raises one of DATABASE_ERRORS."""
        await self._open(wanted)
        ahead = [self._channels[key] for key, last in wanted.items() if last and last > self._channels[key].seq]
        if ahead:  # A page can be newer than what the hub has read, by milliseconds.
            await self._catch_up({channel.id for channel in ahead})
        if socket not in self._sockets.get(socket.person_id, ()):
            return  # It was closed meanwhile.
        for key, last in wanted.items():
            self._channels[key].admit(socket, last)

    def unsubscribe(self, socket: Socket, keys: Iterable[str]) -> None:
        for key in keys:
            if channel := self._channels.get(key):
                channel.dismiss(socket)

    def recheck(self, person_id: int) -> None:
        for socket in self._sockets.get(person_id, ()):
            socket.rights_changed.set()

    # --- who is there ---

    def people_by_stream(self) -> dict[str, set[int]]:
        """The people who follow each stream here."""
        return {c.key: {socket.person_id for socket in c.sockets} for c in self._channels.values() if c.sockets}

    def whisper(self, key: str, message: Mapping[str, object], *, also_known: bool) -> None:
        """Push a message without a number to whoever follows the stream; slow readers miss it."""
        if channel := self._channels.get(key):
            channel.whisper(frame_of(json.dumps(message)), also_known=also_known)

    def whisper_apart(self, key: str, message_for: Callable[[int], Mapping[str, object]]) -> None:
        """Push to whoever follows the stream the message for that person; each different one is encoded once."""
        frames: dict[str, bytes] = {}
        for socket in self._channels[key].sockets if key in self._channels else ():
            text = json.dumps(message_for(socket.person_id))
            if text not in frames:
                frames[text] = frame_of(text)
            frame = frames[text]
            if socket.has_room_for(len(frame)):
                socket.push(frame)

    # --- streams ---

    async def _open(self, keys: Iterable[str]) -> None:
        async with self._opening:
            missing = [key for key in keys if key not in self._channels]
            for stream in await self._archive.open(missing) if missing else []:
                channel = Channel(stream)
                self._channels[channel.key] = self._by_id[channel.id] = channel
                self._wake({channel.id})  # What was published while this was read woke nobody.
            for key in keys:
                self._channels[key].unused_since = time.monotonic()

    def _close_unused(self) -> None:
        limit = time.monotonic() - KEEP_UNUSED
        for channel in [c for c in self._channels.values() if not c.sockets and c.unused_since < limit]:
            del self._channels[channel.key], self._by_id[channel.id]

    # --- news ---

    def _wake(self, ids: Iterable[int]) -> None:
        self._changed.update(ids)
        self._news.set()

    async def _read(self) -> None:
        """Read what is new: when told, and every POLL_EVERY seconds in case nobody told."""
        poll_at = 0.0
        while True:
            # Not by wait_for: before Python 3.12 it loses a cancellation that comes together with what it waits for.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, poll_at - time.monotonic())):
                    await self._news.wait()
            self._news.clear()
            try:
                if time.monotonic() >= poll_at:
                    poll_at = time.monotonic() + POLL_EVERY
                    await self._poll()
                changed, self._changed = self._changed, set()
                await self._catch_up(changed)
            except DATABASE_ERRORS as error:
                logger.warning("live can't read events: %s", error)
                await asyncio.sleep(jittered(0.3))
            except Exception:
                logger.exception("live can't read events")
                await asyncio.sleep(POLL_EVERY)

    async def _poll(self) -> None:
        self._close_unused()
        if not self._by_id:
            return
        heads = await self._archive.heads(list(self._by_id))
        self._changed.update(
            stream_id for stream_id, seq in heads.items() if (c := self._by_id.get(stream_id)) and seq > c.seq
        )

    async def _catch_up(self, ids: set[int]) -> None:
        async with self._reading:
            is_full = True
            while is_full:
                known = {stream_id: c.seq for stream_id in ids if (c := self._by_id.get(stream_id)) is not None}
                news = await self._archive.news(known) if known else []
                is_full = len(news) == PAGE
                for stream_id, events in in_portions(news):
                    if channel := self._by_id.get(stream_id):
                        channel.tell(events)
                    await asyncio.sleep(0)  # Let the sockets write; a buffer is for slow readers, not for bursts.

    # --- wake-ups ---

    async def _listen(self) -> None:
        pause = 0.1
        while True:
            try:
                async with listening() as connection:
                    self.is_listening, pause = True, 0.1
                    self._wake(self._by_id)
                    async for notice in connection.notifies():
                        self._heed(notice)
            except DATABASE_ERRORS as error:
                logger.warning("live doesn't hear PostgreSQL, tries again in %.1f s: %s", pause, error)
            except Exception:
                logger.exception("live doesn't hear PostgreSQL")
            finally:
                self.is_listening = False
            await asyncio.sleep(jittered(pause))
            pause = min(5.0, pause * 2)

    def _heed(self, notice: psycopg.Notify) -> None:
        ids = [int(part) for part in notice.payload.split(",") if part.isdigit()]
        if notice.channel == RIGHTS_CHANNEL:
            for person_id in ids:
                self.recheck(person_id)
        else:
            self._wake(set(ids) & self._by_id.keys())
