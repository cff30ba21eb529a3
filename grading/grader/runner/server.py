"""Takes jobs on a Unix socket, lets them wait their turn, runs them. Holds no truth; runs as nobody."""

from __future__ import annotations

import hashlib
import logging
import os
import select
import socket
import struct
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from grader.contract import Kind
from grader.runner import memory, selftest, wire
from grader.runner.pool import Lost, Pool
from grader.runner.runs import Outcome, Task, run

logger = logging.getLogger(__name__)

WORKER_OF = {Kind.ONNX: "onnx", Kind.SKOPS: "skops", Kind.CODE: "python", Kind.NOTEBOOK: "python"}
LEVEL_OF = {Kind.ONNX: "model", Kind.SKOPS: "model", Kind.CODE: "code", Kind.NOTEBOOK: "code"}
REQUEST_SECONDS = 60
KEPT_FEATURES = 16
LARGEST_SUBMISSION = 200_000_000
_PEER = struct.Struct("3i")
_LIMITS = {
    "seconds": (0.01, 3600.0),
    "memory_mb": (16, 65_536),
    "output_bytes": (0, 50_000_000),
    "files": (0, 1_000_000),
    "files_mb": (0, 65_536),
}


@dataclass(frozen=True)
class Request:
    """A job as a client asks for it."""

    kind: Kind
    features: str
    limits: dict[str, Any]
    answer_bytes: int
    wants_log: bool
    watch: bool = False

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Request:
        """Raises KeyError, TypeError or ValueError when it is none."""
        limits = {name: _within(data["limits"][name], *bounds) for name, bounds in _LIMITS.items()}
        digest, size = str(data["features"]), _within(data["answer_bytes"], 0, wire.LARGEST_BLOB)
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise ValueError("no digest")
        return cls(Kind(data["kind"]), digest, limits, int(size), data["wants_log"] is True, data.get("watch") is True)


def _within(value: Any, least: float, most: float) -> float:
    if type(value) not in (int, float) or not least <= value <= most:
        raise ValueError(f"{value!r} is not between {least} and {most}")
    return type(least)(value)


class Places:
    """As many runs at a time as there are places; who came first goes first."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: deque[object] = deque()
        self._changed = threading.Condition()

    @contextmanager
    def one(self, client: socket.socket) -> Iterator[None]:
        """Wait for a place and keep it. Raises Broken when the client goes away meanwhile."""
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
            try:
                while self._waiting[0] is not ticket or not self._free:
                    self._changed.wait(0.2)
                    if _is_gone(client):
                        raise wire.Broken("cancelled while waiting")
                self._free -= 1
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()


def _is_gone(client: socket.socket) -> bool:
    """A client that is waiting says nothing: it becomes readable when it goes."""
    poll = select.poll()
    poll.register(client, select.POLLIN)
    return bool(poll.poll(0))


class Features:
    """What runs are given, by digest, in sealed memory; the least used go first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, digest: str) -> int | None:
        """A descriptor for the caller to close; None when the data have to be sent."""
        with self._lock:
            if digest not in self._kept:
                return None
            self._kept.move_to_end(digest)
            return os.dup(self._kept[digest])

    def keep(self, digest: str, data: bytes) -> None:
        """Raises ValueError when the data are not those of the digest."""
        if hashlib.sha256(data).hexdigest() != digest:
            raise ValueError("the data are not those of the digest")
        with self._lock:
            if digest not in self._kept:
                self._kept[digest] = memory.sealed(data, "features")
            while len(self._kept) > KEPT_FEATURES:
                os.close(self._kept.popitem(last=False)[1])


@dataclass(frozen=True)
class Setup:
    """allowed: users who may connect. places: runs at a time. environment, facts: as found before root was given up."""

    allowed: frozenset[int]
    places: int
    kinds: tuple[Kind, ...]
    environment: str
    facts: dict[str, str]


class Server:
    """Answers clients until it is told to stop."""

    def __init__(self, pool: Pool, *, setup: Setup) -> None:
        self.pool = pool
        self.allowed = setup.allowed
        self.kinds = setup.kinds
        self.places = Places(setup.places)
        self.features = Features()
        self.environment = setup.environment
        self.facts = setup.facts
        self.report: selftest.Report | None = None
        self._examined = threading.Event()

    def examine(self) -> None:
        """Try the sandbox, and start the warm processes while nobody waits yet."""
        levels = tuple(dict.fromkeys(LEVEL_OF[kind] for kind in self.kinds))
        try:
            self.report = selftest.examine(self.pool, levels=levels, facts=self.facts)
        except Exception as error:
            logger.exception("the self-test broke off")
            self.report = selftest.Report({}, reason=type(error).__name__)
        self._examined.set()
        if not self.report.is_ok:
            logger.error("nothing is executed here: %s", self.report.reason)
            return
        for worker in dict.fromkeys(WORKER_OF[kind] for kind in self.kinds):
            try:
                self.pool.get(worker)
            except (Lost, OSError):
                logger.exception("the warm process %s does not start", worker)

    def serve(self, listener: socket.socket) -> None:
        """Accept until the listener is closed."""
        threading.Thread(target=self.examine, name="examine", daemon=True).start()
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._attend, args=[client], name="client", daemon=True).start()

    def _attend(self, client: socket.socket) -> None:
        with client:
            if peer_of(client) not in self.allowed:
                return
            client.settimeout(REQUEST_SECONDS)
            try:
                header, blobs = wire.receive(client, most=LARGEST_SUBMISSION)
                self._answer(client, header, blobs)
            except wire.Broken:
                return
            except (KeyError, TypeError, ValueError) as error:
                _say_quietly(client, {"state": "refused", "reason": f"{type(error).__name__}: {error}"[:200]})
            except (Lost, OSError) as error:
                logger.warning("a run was lost: %s", error)
                _say_quietly(client, {"state": "lost", "reason": str(error)[:200]})

    def _answer(self, client: socket.socket, header: dict[str, Any], blobs: list[bytes]) -> None:
        if header["op"] == "status":
            self._examined.wait()
            wire.send(client, self._status())
        elif header["op"] == "run" and len(blobs) == 1:
            self._run(client, Request.from_json(header["job"]), blobs[0])
        else:
            raise ValueError("no such request")

    def _status(self) -> dict[str, Any]:
        report = self.report or selftest.Report({}, reason="not examined")
        return {"state": "status", "environment": self.environment, **report.to_json()}

    def _run(self, client: socket.socket, request: Request, submission: bytes) -> None:
        if request.watch and LEVEL_OF[request.kind] != "code":
            raise ValueError("only programs are watched")
        if request.kind not in self.kinds:
            raise ValueError(f"{request.kind} is not run here")
        self._examined.wait()
        if self.report is None or not self.report.is_ok:
            wire.send(client, {**self._status(), "state": "isolation"})
            return
        features = self._given(client, request.features)
        answer: _Answer | None = None
        try:
            arrived = time.monotonic()
            with self.places.one(client):
                waited = time.monotonic() - arrived
                answer = _Answer(client, request, environment=self.environment, waited=waited)
                outcome = run(_task(request, submission, features), self.pool, stop=client, tell=answer.tell)
        except (Lost, OSError) as error:
            if not (answer and answer.is_told):
                raise
            logger.warning("lost after its answer: %s", error)
            return
        finally:
            os.close(features)
        answer.tell(outcome)

    def _given(self, client: socket.socket, digest: str) -> int:
        kept = self.features.get(digest)
        wire.send(client, {"state": "taken", "needs_features": kept is None})
        if kept is None:
            _, blobs = wire.receive(client)
            self.features.keep(digest, b"".join(blobs))
            kept = self.features.get(digest)
        if kept is None:
            raise ValueError("the features were pushed out at once")
        return kept


def _task(request: Request, submission: bytes, features: int) -> Task:
    # Named by digest, but not with all of it: a file name is enough to tell cases apart.
    files = request.features[:32] if LEVEL_OF[request.kind] == "code" else None
    return Task(
        WORKER_OF[request.kind],
        request.kind,
        submission,
        features,
        files,
        request.limits,
        request.answer_bytes,
        watch=request.watch,
    )


class _Answer:
    """What a client is told of a run, once: as soon as it is known."""

    def __init__(self, client: socket.socket, request: Request, *, environment: str, waited: float) -> None:
        self._client = client
        self._wants_log = request.wants_log
        self._facts = {"environment": environment, "queued_seconds": waited}
        self.is_told = False

    def tell(self, outcome: Outcome) -> None:
        """Send it, unless that was done. Raises Broken."""
        if self.is_told:
            return
        self.is_told = True
        log = bytes(outcome.log) if self._wants_log else b""
        told = {"state": "done", "end": outcome.end, "signal": outcome.signal, "seconds": outcome.seconds}
        wire.send(self._client, told | self._facts, outcome.answer, outcome.error, log)


def _say_quietly(client: socket.socket, header: dict[str, Any]) -> None:
    try:
        wire.send(client, header)
    except wire.Broken:
        return


def peer_of(client: socket.socket) -> int:
    """The user at the other end, as the kernel knows it."""
    _, uid, _ = _PEER.unpack(client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))
    return int(uid)
