"""The warm process: has imported what runs need, and forks a child for each job. Reads nothing that a learner sent.

One child always stands by: cloned, in its own namespaces, and rehearsed, so that a job does not wait for that. It takes
one job and no other.

``python -I -m grader.runner.sandbox.warm WORKER DESCRIPTOR``: jobs and their ends are spoken of on that socket
(SOCK_SEQPACKET). A job comes with four descriptors: the submission and the features (sealed memory), the write ends
of the pipes for the answer and for what is printed. Ends when the socket does, and its children with it.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from typing import Any, NamedTuple, NoReturn, Protocol

from grader.runner.sandbox import isolation, kernel
from grader.runner.sandbox.isolation import Rules

LARGEST_MESSAGE = 8192
DESCRIPTORS = 4
ANSWER, SUBMISSION, FEATURES = 3, 4, 5
_CHANNEL = 6  # of a child that stands by
PREPARE_AFTER_MS = 40
NO_CHILD = 71 << 8  # as a status of wait(2): an exit that no child makes
_ASIDE = 500  # more than a warm process ever has open


class Worker(Protocol):
    """What a module of grader.runner.work has: how its children are isolated, and what they do."""

    LEVEL: str

    def warm_up(self) -> None:
        """Import and use, once, whatever a run needs."""

    def rehearse(self) -> None:
        """In the child, before it has a job: touch what a run touches, so that the pages are its own already."""

    def run(self, job: dict[str, Any]) -> None:
        """In the child: read descriptors 4 and 5, write the answer to 3."""


class Spare(NamedTuple):
    """The child that stands by: the descriptor of its process, and where to send it its job."""

    process: int
    channel: socket.socket


class Warm:
    """Jobs in, children out, their ends back."""

    def __init__(self, worker: Worker, channel: socket.socket) -> None:
        self.worker = worker
        self.channel = channel
        self.children: dict[int, tuple[int | None, int]] = {}  # by descriptor of the process: job, process id
        self.spare: Spare | None = None
        self.poll = select.poll()
        self.poll.register(channel.fileno(), select.POLLIN)
        self.program = isolation.program_for(worker.LEVEL)
        self.readable = isolation.python_folders()
        self.nothing = os.open(os.devnull, os.O_RDWR)
        isolation.remember_ids()

    def serve(self) -> None:
        """Until the socket ends."""
        self._prepare()
        while True:
            events = self.poll.poll(None if self.spare else PREPARE_AFTER_MS)
            for descriptor, _ in events:
                if descriptor != self.channel.fileno():
                    self._bury(descriptor)
                elif not self._hear():
                    return
            # Not beside a job that is soon over: cloning and rehearsing would take its processor.
            if self.spare is None and (not events or self._is_idle()):
                with suppress(OSError):  # then the next job makes its own, or ends so
                    self._prepare()

    def _is_idle(self) -> bool:
        return not any(job for job, _ in self.children.values())

    def _hear(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self.channel, LARGEST_MESSAGE, DESCRIPTORS)
        if not message:
            return False
        said = json.loads(message)
        if "kill" in said:
            self._kill(said["kill"])
        else:
            self._start(said, descriptors)
        return True

    def _kill(self, job: int) -> None:
        for descriptor, (known, _) in self.children.items():
            if known == job:
                signal.pidfd_send_signal(descriptor, signal.SIGKILL)

    def _start(self, job: dict[str, Any], descriptors: list[int]) -> None:
        if job.get("files") is not None:
            keep_files(job["files"], descriptors[1])
        try:
            self._hand_over(job, descriptors)
        except OSError:  # no child to be had: the job ends without having begun
            self.channel.send(json.dumps({"job": job["job"], "status": NO_CHILD}).encode())
        for descriptor in descriptors:
            os.close(descriptor)

    def _hand_over(self, job: dict[str, Any], descriptors: list[int]) -> None:
        """Give the job to the child that stands by; to a new one, where that has died meanwhile. Raises OSError."""
        spare, self.spare = self.spare or self._prepare(), None
        try:
            self._give(spare, job, descriptors)
        except ConnectionError:
            spare, self.spare = self._prepare(), None
            self._give(spare, job, descriptors)

    def _give(self, spare: Spare, job: dict[str, Any], descriptors: list[int]) -> None:
        with spare.channel:
            socket.send_fds(spare.channel, [json.dumps(job).encode()], descriptors)
        self.children[spare.process] = (job["job"], self.children[spare.process][1])

    def _prepare(self) -> Spare:
        """Clone the child that takes the next job."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pid = kernel.clone(isolation.NAMESPACES | signal.SIGCHLD)
        if pid == 0:
            self._be_child(theirs.detach())
        theirs.close()
        process = os.pidfd_open(pid)
        self.children[process] = (None, pid)
        self.poll.register(process, select.POLLIN)
        self.spare = Spare(process, ours)
        return self.spare

    def _be_child(self, channel: int) -> NoReturn:
        """The child's whole life."""
        failure: BaseException | None = None
        _sort_descriptors(*[self.nothing] * _CHANNEL, channel)
        try:
            isolation.prepare()
            self.worker.rehearse()
        except BaseException as error:
            failure = error  # told with the first job: until then nobody listens
        message, descriptors, _, _ = socket.recv_fds(socket.socket(fileno=_CHANNEL), LARGEST_MESSAGE, DESCRIPTORS)
        if not message:
            os._exit(0)
        job = json.loads(message)
        submission, features, answer, log = descriptors
        _sort_descriptors(0, log, log, answer, submission, features)
        try:
            if failure is not None:
                raise failure
            isolation.isolate(_rules_of(job, self.worker.LEVEL, self.readable), program=self.program)
        except BaseException as error:
            os.write(ANSWER, b"X" + f"{type(error).__name__}: {error}".encode()[:500])
            os._exit(70)
        os.write(ANSWER, b"I")  # from here on, what is written may come from a learner
        self.worker.run(job)
        for descriptor in (ANSWER, 1, 2):  # who waits for the answer need not wait until all of this process is gone
            with suppress(OSError):
                os.close(descriptor)
        os._exit(0)

    def _bury(self, process: int) -> None:
        job, pid = self.children.pop(process)
        self.poll.unregister(process)
        os.close(process)
        _, status = os.waitpid(pid, 0)
        if job is not None:
            self.channel.send(json.dumps({"job": job, "status": status}).encode())
        elif self.spare is not None and self.spare.process == process:
            self.spare.channel.close()
            self.spare = None


def _sort_descriptors(*wanted: int) -> None:
    """Make them 0, 1, 2…, and close every other one."""
    for number, descriptor in enumerate(wanted):
        os.dup2(descriptor, _ASIDE + number)
    for number in range(len(wanted)):
        os.dup2(_ASIDE + number, number)
    kernel.close_all_from(len(wanted))


def _rules_of(job: dict[str, Any], level: str, readable: tuple[str, ...]) -> Rules:
    limits = job["limits"]
    return Rules(
        level=level,
        memory=limits["memory_mb"] * 1_000_000,
        seconds=limits["seconds"],
        files=limits["files"],
        files_bytes=limits["files_mb"] * 1_000_000,
        data=job.get("files"),
        readable=readable,
    )


def keep_files(name: str, features: int) -> None:
    """Unpack the case's public files below /data, unless they lie there: children share them, read-only."""
    folder = f"{isolation.DATA}/{name}"
    if os.path.isdir(folder):
        return
    _forget_files(most=7)
    from grader.runner.work import payload

    with payload.opened(features) as content:
        os.mkdir(folder, 0o755)
        for entry in content.header["names"]:
            with open(f"{folder}/{entry}", "wb") as file, content.part(f"file {entry}") as part:
                file.write(part)


def _forget_files(*, most: int) -> None:
    """Let go of the case files that were unpacked first, until there are no more than ``most``."""
    folders = sorted(os.scandir(isolation.DATA), key=lambda entry: entry.stat().st_mtime_ns)
    for folder in folders[: max(0, len(folders) - most)]:
        for entry in os.scandir(folder.path):
            os.unlink(entry.path)
        os.rmdir(folder.path)


def main() -> None:
    """Warm up, say so, serve."""
    name, descriptor = sys.argv[1], int(sys.argv[2])
    channel = socket.socket(fileno=descriptor)
    worker: Any = importlib.import_module(f"grader.runner.work.{name}")
    worker.warm_up()
    threads = os.listdir("/proc/self/task")
    if len(threads) != 1:
        raise SystemExit(f"{len(threads)} threads: forking would be unsafe")
    gc.collect()
    gc.disable()
    gc.freeze()
    try:
        channel.send(json.dumps({"ready": os.getpid()}).encode())
        Warm(worker, channel).serve()
    except ConnectionError:
        return  # the server is gone, and with it whoever wanted anything from here


if __name__ == "__main__":
    main()
