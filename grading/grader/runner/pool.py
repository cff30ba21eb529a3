"""The server's side of warm processes: started when needed, replaced when dead or used up."""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from grader.runner.spawner import Spawner

logger = logging.getLogger(__name__)

START_SECONDS = 120
JOBS_BEFORE_RECYCLING = 500
_LONGEST_MESSAGE = 8192


class Lost(Exception):
    """The warm process is gone, and its children with it."""


class End:
    """The end of one job. ``descriptor`` becomes readable when it has come; status as of wait(2), None when lost."""

    def __init__(self) -> None:
        self.descriptor = os.eventfd(0, os.EFD_CLOEXEC)
        self.status: int | None = None

    def tell(self, status: int | None) -> None:
        self.status = status
        os.eventfd_write(self.descriptor, 1)


class WarmProcess:
    """One warm process and its running jobs."""

    def __init__(self, worker: str, spawner: Spawner, lock: threading.Lock) -> None:
        self.worker = worker
        self.jobs_begun = 0
        self.is_alive = True
        self.is_replaced = False
        self._holders = 0
        self._spawner = spawner
        self._spawning = lock
        self._ends: dict[int, End] = {}
        self._lock = threading.Lock()
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, lock:
            self._number = spawner.spawn(worker, theirs)
        self._wait_until_ready()
        threading.Thread(target=self._hear, name=f"warm-{worker}", daemon=True).start()

    def _wait_until_ready(self) -> None:
        self._channel.settimeout(START_SECONDS)
        try:
            message = self._channel.recv(_LONGEST_MESSAGE)
        except TimeoutError:
            message = b""
        if not message:
            self.end()
            raise Lost(f"the sandbox for {self.worker} did not start")
        self._channel.settimeout(None)

    def begin(self, job: dict[str, Any], descriptors: Sequence[int]) -> tuple[int, End]:
        """Start a child with the descriptors; the job's number and its end. Raises Lost."""
        end = End()
        with self._lock:
            self.jobs_begun += 1
            number = self.jobs_begun
            self._ends[number] = end
        try:
            socket.send_fds(self._channel, [json.dumps({**job, "job": number}).encode()], descriptors)
        except OSError as error:
            self.forget(number)
            raise Lost(str(error)) from error
        return number, end

    def kill(self, number: int) -> None:
        """End a child and all that it started."""
        try:
            self._channel.send(json.dumps({"kill": number}).encode())
        except OSError:
            self.end()

    def forget(self, number: int) -> None:
        """The job is over; nobody asks for its end any more."""
        with self._lock:
            end = self._ends.pop(number, None)
        if end is not None:
            os.close(end.descriptor)

    def end(self) -> None:
        """Kill the process and whatever runs in its sandbox."""
        self.is_alive = False
        with self._spawning:
            self._spawner.kill(self._number)
        self._channel.close()

    def hold(self) -> None:
        """Somebody is about to begin a job: it is not idle until ``release``."""
        with self._lock:
            self._holders += 1

    def release(self) -> None:
        with self._lock:
            self._holders -= 1

    @property
    def is_idle(self) -> bool:
        return not self._ends and not self._holders

    def _hear(self) -> None:
        while self._hear_one():
            pass
        self.is_alive = False
        with self._lock:
            for end in self._ends.values():
                end.tell(None)

    def _hear_one(self) -> bool:
        try:
            message = self._channel.recv(_LONGEST_MESSAGE)
            said = json.loads(message)
        except (OSError, ValueError):
            return False
        with self._lock:
            if end := self._ends.get(said["job"]):
                end.tell(said["status"])
        return True


class Pool:
    """A warm process for each worker; a new one takes over before an old one is let go."""

    def __init__(self, spawner: Spawner) -> None:
        self._spawner = spawner
        self._spawning = threading.Lock()
        self._current: dict[str, WarmProcess] = {}
        self._starting: dict[str, threading.Lock] = {}
        self._retired: list[WarmProcess] = []
        self._lock = threading.Lock()

    @contextmanager
    def lease(self, worker: str) -> Iterator[WarmProcess]:
        """A living warm process that is not let go before the block ends. Raises Lost or OSError as ``get`` does."""
        with self._lock:
            starting = self._starting.setdefault(worker, threading.Lock())
        with starting:  # between finding it and holding it, none may be retired
            warm = self._found(worker)
            warm.hold()
        try:
            yield warm
        finally:
            warm.release()
            if self._retired:
                self.clear()

    def get(self, worker: str) -> WarmProcess:
        """A living warm process. Raises Lost or OSError when none can be started."""
        with self._lock:
            starting = self._starting.setdefault(worker, threading.Lock())
        with starting:
            return self._found(worker)

    def _found(self, worker: str) -> WarmProcess:
        current = self._current.get(worker)
        if current is None or not current.is_alive:
            current = self._current[worker] = WarmProcess(worker, self._spawner, self._spawning)
        elif current.jobs_begun >= JOBS_BEFORE_RECYCLING and not current.is_replaced:
            current.is_replaced = True
            threading.Thread(target=self._replace, args=[worker], daemon=True).start()
        return current

    def _replace(self, worker: str) -> None:
        """Children of one process share its hash seed and addresses: after some hundreds begin afresh."""
        try:
            fresh = WarmProcess(worker, self._spawner, self._spawning)
        except (Lost, OSError):
            logger.exception("no replacement for the warm process %s", worker)
            self._current[worker].is_replaced = False
            return
        with self._starting[worker], self._lock:
            self._retired += [self._current[worker]] if worker in self._current else []
            self._current[worker] = fresh
        self.clear()

    def clear(self) -> None:
        """End retired processes that have nothing left to do."""
        with self._lock:
            done = [warm for warm in self._retired if warm.is_idle]
            self._retired = [warm for warm in self._retired if not warm.is_idle]
        for warm in done:
            warm.end()

    def let_go(self, worker: str) -> None:
        """End a worker's process; ``get`` starts another."""
        with self._lock:
            warm = self._current.pop(worker, None)
        if warm is not None:
            warm.end()
