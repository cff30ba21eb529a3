"""One browser's socket: who it is, what it asks to follow, and when it has to end."""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Coroutine
from enum import IntEnum
from typing import Any

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from campus.live.hub import DATABASE_ERRORS, Hub, Socket
from campus.live.jitter import jittered
from campus.live.presence import Presence
from campus.live.rights import person_of_session, readable_of
from campus.live.streams import parse_key
from campus.live.threads import Threads
from campus.live.wire import Wire, frame_of

logger = logging.getLogger(__name__)

STREAMS_PER_SOCKET = 50
SOCKETS_PER_PERSON = 20
LONGEST_MESSAGE = 8_192  # characters
MESSAGES_AT_ONCE, MESSAGES_PER_SECOND = 20, 2
RECHECK_EVERY = 60.0  # seconds, for rights that were lost without live.recheck()
SESSION_IS_FRESH = 5.0  # seconds after connecting; what ends a session meanwhile is told by live.recheck()
CLOSE_WITHIN = 5.0  # seconds; then the connection is cut
PONG = frame_of('{"pong":true}')


class Close(IntEnum):
    """Why a socket was closed by the server; live.js knows these numbers."""

    TRY_LATER = 1013
    BAD_MESSAGE = 4400
    SIGNED_OUT = 4401
    RESYNC = 4008
    TOO_MUCH = 4029


class LiveConsumer(AsyncWebsocketConsumer):
    """Follows streams for one signed-in person. The scope has cookies, its state hub, threads, presence and wire."""

    hub: Hub
    threads: Threads
    presence: Presence

    def __init__(self) -> None:
        super().__init__()
        self.socket: Socket | None = None
        self.tasks: set[asyncio.Task[None]] = set()
        self.known: tuple[Any, float] = (None, 0.0)  # the person, and when the session was read
        self.allowance, self.counted_at = float(MESSAGES_AT_ONCE), time.monotonic()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Call the handler, without Channels' look at the database connections of a thread that has none."""
        await getattr(self, message["type"].replace(".", "_"))(message)

    async def connect(self) -> None:
        state = self.scope["state"]
        self.hub, self.threads, self.presence = state["hub"], state["threads"], state["presence"]
        self.session_key = self.scope["cookies"].get(settings.SESSION_COOKIE_NAME)
        try:
            person = await self.threads.run(person_of_session, self.session_key)
        except DATABASE_ERRORS as error:
            logger.warning("live can't tell who connects: %s", error)
            await self.close()
            return
        await self.accept()
        if person is None:
            await self.close(Close.SIGNED_OUT)
            return
        self.known = person, time.monotonic()
        self.wire: Wire = state["wire"]
        await self._begin(Socket(person.pk, self.wire, on_overflow=lambda: self._run(self._end(Close.RESYNC))))

    async def _begin(self, socket: Socket) -> None:
        if self.hub.join(socket) > SOCKETS_PER_PERSON:
            self.hub.leave(socket)
            await self.close(Close.TOO_MUCH)
            return
        self.socket = socket
        self._run(self._watch_rights(socket))

    async def websocket_disconnect(self, _message: dict[str, Any]) -> None:
        self._leave()
        raise StopConsumer

    # --- what the browser says ---

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:  # noqa: ARG002  by Channels
        if self.socket is None:
            return
        if not self._may_speak():
            self._run(self._end(Close.TOO_MUCH))
        elif (message := _parse(text_data)) is None:
            self._run(self._end(Close.BAD_MESSAGE))
        elif "ping" in message:
            self.socket.push(PONG)
        elif "typing" in message:
            self.presence.typing(self.socket, message["typing"])
        else:
            self.hub.unsubscribe(self.socket, message.get("unsubscribe", []))
            await self._subscribe(self.socket, message.get("subscribe", {}))

    def _may_speak(self) -> bool:
        now = time.monotonic()
        earned = (now - self.counted_at) * MESSAGES_PER_SECOND
        self.allowance, self.counted_at = min(MESSAGES_AT_ONCE, self.allowance + earned) - 1, now
        return self.allowance >= 0

    async def _subscribe(self, socket: Socket, wanted: dict[str, int | None]) -> None:
        room = STREAMS_PER_SOCKET - len(socket.streams | wanted.keys())
        if room < 0 or not wanted:
            self._refuse(socket, set(wanted))
            return
        try:
            allowed = await self._allowed(list(wanted))
            if allowed is None:
                self._run(self._end(Close.SIGNED_OUT))
                return
            self._refuse(socket, wanted.keys() - allowed)
            await self.hub.subscribe(socket, {key: wanted[key] for key in allowed})
        except DATABASE_ERRORS:
            self._run(self._end(Close.TRY_LATER))

    async def _allowed(self, keys: list[str]) -> set[str] | None:
        """What the person may read; None once the session has ended. Right after connecting it is not read again."""
        person, read_at = self.known
        if time.monotonic() - read_at < SESSION_IS_FRESH:
            return await self.threads.run(readable_of, person, keys)
        person_id, allowed = await self.threads.run(_person_and_rights, self.session_key, keys)
        return None if person_id is None else allowed

    def _refuse(self, socket: Socket, keys: set[str]) -> None:
        self.hub.unsubscribe(socket, keys)
        for key in sorted(keys):
            socket.say({"refused": key})

    # --- what runs beside it ---

    async def _watch_rights(self, socket: Socket) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(jittered(RECHECK_EVERY)):
                    await socket.rights_changed.wait()
            socket.rights_changed.clear()
            try:
                person, allowed = await self.threads.run(_person_and_rights, self.session_key, list(socket.streams))
            except DATABASE_ERRORS:
                await asyncio.sleep(1)
                socket.rights_changed.set()
                continue
            if person is None or person != socket.person_id:
                self._run(self._end(Close.SIGNED_OUT))
                return
            self._refuse(socket, socket.streams - allowed)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    # --- the end ---

    def _leave(self) -> None:
        socket, self.socket = self.socket, None
        if socket:
            self.hub.leave(socket)
        for task in self.tasks - {asyncio.current_task()}:
            task.cancel()

    async def _end(self, code: Close) -> None:
        """Close from this side; a browser that reads nothing, not even this, is cut off."""
        if self.socket is None:
            return
        self._leave()
        try:
            async with asyncio.timeout(CLOSE_WITHIN):
                await self.close(code, code.name.lower())
            await asyncio.sleep(CLOSE_WITHIN)
        except (OSError, TimeoutError):
            pass
        self.wire.cut()


def _parse(text: str | None) -> dict[str, Any] | None:
    """The browser's message, or None for what isn't one."""
    if text is None or len(text) > LONGEST_MESSAGE:
        return None
    try:
        message = json.loads(text)
    except ValueError:
        return None
    return message if isinstance(message, dict) and _is_well_formed(message) else None


def _is_well_formed(message: dict[str, Any]) -> bool:
    wanted, unwanted = message.get("subscribe", {}), message.get("unsubscribe", [])
    return (
        bool(message)
        and message.keys() <= {"subscribe", "unsubscribe", "ping", "typing"}
        and ("typing" not in message or parse_key(message["typing"]) is not None)
        and isinstance(wanted, dict)
        and isinstance(unwanted, list)
        and all(parse_key(key) for key in [*wanted, *unwanted])
        and all(last is None or (type(last) is int and 0 <= last < 2**63) for last in wanted.values())
    )


def _person_and_rights(session_key: str | None, keys: list[str]) -> tuple[int | None, set[str]]:
    person = person_of_session(session_key)
    return (None, set()) if person is None else (person.pk, readable_of(person, keys))
