"""One run in the sandbox, watched from outside: time, output and answer are bounded whatever the child does."""

from __future__ import annotations

import fcntl
import logging
import os
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from grader.runner.memory import sealed
from grader.runner.pool import Lost, Pool, WarmProcess

logger = logging.getLogger(__name__)

PIPE_BYTES = 1 << 20
LARGEST_ERROR = 4096
LARGEST_ADVICE = 16_384
KILL_SECONDS = 5.0
BEGINNINGS = 3
_MARKS = 2  # "I" when isolated, then "V" or "E"


@dataclass(frozen=True)
class Task:
    """What is to be run. features: a descriptor of sealed memory. answer_bytes: the length that a good answer has.

    watch: not for its answer, but for advice on it.
    """

    worker: str
    kind: str
    submission: bytes
    features: int
    files: str | None
    limits: dict[str, Any]
    answer_bytes: int
    watch: bool = False


@dataclass
class Outcome:
    """How it ended: answered, advised, error, malformed, timeout, output, crashed, missing or cancelled."""

    end: str
    answer: bytes = b""
    error: bytes = b""
    signal: int = 0
    log: bytearray = field(default_factory=bytearray)
    seconds: float = 0.0


class NotBegun(Lost):
    """The sandbox failed before it said that the child was isolated, and so before the submission was read."""


Tell = Callable[["Outcome"], None]


def run(task: Task, pool: Pool, *, stop: socket.socket | None = None, tell: Tell | None = None) -> Outcome:
    """Run it once. Ends early when ``stop`` becomes readable. Raises Lost when the sandbox failed, not the child.

    What was not begun is begun again: a child that stands by may be the one that a machine short of memory kills.
    ``tell`` gets the outcome as soon as a whole answer is there; this returns, or raises, once the child is gone.
    """
    for left in reversed(range(BEGINNINGS)):
        try:
            with pool.lease(task.worker) as warm:
                return _run_in(warm, task, stop, tell)
        except NotBegun as lost:
            if not left:
                raise
            logger.warning("begun again: %s", lost)
    raise AssertionError("the last beginning returns or raises")


def _run_in(warm: WarmProcess, task: Task, stop: socket.socket | None, tell: Tell | None) -> Outcome:
    started = time.monotonic()
    with _pipe() as (answer, answer_end), _pipe() as (log, log_end):
        submission = sealed(task.submission, "submission")
        try:
            job = {"kind": task.kind, "limits": task.limits, "files": task.files, "watch": task.watch}
            number, end = warm.begin(job, [submission, task.features, answer_end.take(), log_end.take()])
        except Lost as lost:
            raise NotBegun(str(lost)) from lost
        finally:
            os.close(submission)
            answer_end.close()
            log_end.close()
        watch = _Watch(task, warm, number, started=started, tell=tell)
        try:
            watch.follow(answer.take(), log.take(), end.descriptor, stop)
            outcome = watch.outcome(end.status)
        except Lost:
            raise
        except BaseException:
            warm.kill(number)  # nobody watches it any more
            raise
        finally:
            warm.forget(number)
    outcome.seconds = time.monotonic() - started
    return outcome


class _End:
    """A descriptor that is closed once."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def take(self) -> int:
        return self._descriptor

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


@contextmanager
def _pipe() -> Iterator[tuple[_End, _End]]:
    reading, writing = (_End(descriptor) for descriptor in os.pipe2(os.O_CLOEXEC))
    os.set_blocking(reading.take(), False)
    fcntl.fcntl(writing.take(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    try:
        yield reading, writing
    finally:
        reading.close()
        writing.close()


class _Watch:
    """Reads what a child writes, and ends it when it takes too long, says too much, or is not wanted any more."""

    def __init__(self, task: Task, warm: WarmProcess, number: int, *, started: float, tell: Tell | None = None) -> None:
        self.task = task
        self.warm = warm
        self.number = number
        self.started = started
        self.deadline = started + task.limits["seconds"]
        self._tell = tell
        self.answer = bytearray()
        self.log = bytearray()
        self.reason = ""
        self._most = _MARKS + max(task.answer_bytes, LARGEST_ERROR, LARGEST_ADVICE if task.watch else 0)
        self._killed_at = 0.0

    def follow(self, answer: int, log: int, end: int, stop: socket.socket | None) -> None:
        """Until the child is gone and everything it wrote is read. Raises Lost."""
        with selectors.DefaultSelector() as selector:
            for descriptor in (answer, log, end):
                selector.register(descriptor, selectors.EVENT_READ)
            if stop is not None:
                selector.register(stop, selectors.EVENT_READ)
            waiting = {answer, log, end}
            while waiting:
                ready = {key.fd for key, _ in selector.select(self._patience())}
                done = self._hear(ready & waiting, answer=answer, log=log)
                waiting -= done
                if stop is not None and stop.fileno() in ready:
                    self._kill("cancelled")
                    selector.unregister(stop)
                    stop = None
                for descriptor in done:
                    selector.unregister(descriptor)
                if waiting == {end}:
                    self._tell_answer()
                # Last: on a busy machine this thread may come late to a child that has long ended in time.
                if waiting:
                    self._look_at_the_clock(is_ended=end not in waiting)

    def _tell_answer(self) -> None:
        """Both pipes are closed; if a whole answer came, nothing that the child still does can change it."""
        outcome = None if self.reason or self.task.watch or self.answer[:1] != b"I" else self._answered(status=0)
        if self._tell is not None and outcome is not None and outcome.end == "answered":
            outcome.seconds = time.monotonic() - self.started
            self._tell(outcome)
            self._tell = None

    def _answered(self, *, status: int) -> Outcome:
        log = self.log[: self.task.limits["output_bytes"]]
        return _answered(bytes(self.answer[1:]), status, self.task.answer_bytes, log)

    def _hear(self, ready: set[int], *, answer: int, log: int) -> set[int]:
        """Take in what there is; which of them have come to their end."""
        done = ready - {answer, log}
        if answer in ready and self._drain(answer, self.answer, self._most, "answer"):
            done.add(answer)
        if log in ready and self._drain(log, self.log, self.task.limits["output_bytes"], "output"):
            done.add(log)
        return done

    def _patience(self) -> float:
        until = self._killed_at + KILL_SECONDS if self._killed_at else self.deadline
        return max(0.0, until - time.monotonic()) + 0.001

    def _look_at_the_clock(self, *, is_ended: bool) -> None:
        now = time.monotonic()
        if is_ended:
            return  # what it wrote is still read
        if self._killed_at:
            if now > self._killed_at + KILL_SECONDS:
                self.warm.end()
                raise Lost("a child could not be killed")
        elif now > self.deadline:
            self._kill("timeout")

    def _drain(self, descriptor: int, into: bytearray, most: int, what: str) -> bool:
        """Read what is there; True at the end. What goes beyond the limit ends the child and is not kept."""
        try:
            chunk = os.read(descriptor, PIPE_BYTES)
        except BlockingIOError:
            return False
        into += chunk[: max(0, most + 1 - len(into))]
        if len(into) > most:
            self._kill(what)
        return not chunk

    def _kill(self, reason: str) -> None:
        if not self._killed_at:
            self.reason = reason
            self._killed_at = time.monotonic()
            self.warm.kill(self.number)

    def outcome(self, status: int | None) -> Outcome:
        """What it came to. Raises Lost when the child never got isolated."""
        is_begun = self.answer[:1] == b"I"
        if status is None:
            raise Lost("the warm process ended") if is_begun else NotBegun("the warm process ended")
        log = self.log[: self.task.limits["output_bytes"]]
        if self.reason:
            return Outcome("malformed" if self.reason == "answer" else self.reason, log=log)
        if not is_begun:
            raise NotBegun(f"no isolation: {bytes(self.answer[1:]).decode('utf-8', 'replace')}, status {status}")
        if self.task.watch:
            return _advised(bytes(self.answer[1:]), status)
        return self._answered(status=status)


def _advised(answer: bytes, status: int) -> Outcome:
    if status == 0 and answer[:1] == b"H" and len(answer) <= LARGEST_ADVICE:
        return Outcome("advised", answer=answer[1:])
    return Outcome("missing")


def _answered(answer: bytes, status: int, wanted: int, log: bytearray) -> Outcome:
    mark, content = answer[:1], answer[1:]
    if os.WIFSIGNALED(status):
        return Outcome("crashed", signal=os.WTERMSIG(status), log=log)
    if mark == b"V":
        return Outcome("answered", answer=content, log=log) if len(content) == wanted else Outcome("malformed", log=log)
    if mark == b"E" and len(content) <= LARGEST_ERROR:
        return Outcome("error", error=content, log=log)
    return Outcome("missing", log=log)
