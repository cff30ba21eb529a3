"""Ends a Jupyter server that nobody uses any more, so that its place is free for somebody else.

Jupyter's own limit takes it for use that an open page asks for news every few seconds, or that a terminal is open:
who leaves the page open would keep the place for good. Here only what somebody does counts.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tornado.ioloop import PeriodicCallback

_LONGEST_PAUSE = 30.0  # seconds between two looks


def _now() -> datetime:
    return datetime.now(UTC)


class Idle:
    """Watches a server. Use is a cell that runs, a file that is saved, a terminal that is typed into or shows more."""

    def __init__(self, server: Any, *, seconds: float, now: Callable[[], datetime] = _now) -> None:
        self._server = server
        self._seconds = seconds
        self._now = now
        self._used_at = now()
        server.contents_manager.register_post_save_hook(self._saved)
        self._looks = PeriodicCallback(self.look, min(seconds / 5, _LONGEST_PAUSE) * 1000)

    def watch(self) -> None:
        """Look from now on."""
        self._looks.start()

    def look(self) -> None:
        """End the server, and its kernels with it, where it was not used for so long."""
        self._used_at = max(self._moments())
        if (self._now() - self._used_at).total_seconds() < self._seconds:
            return
        self._server.log.info("Nobody used this server for %d seconds; it ends.", self._seconds)
        self._looks.stop()
        self._server.stop()

    def _moments(self) -> list[datetime]:
        """When each part was used last; a kernel at work is used now."""
        manager = self._server.kernel_manager
        kernels = [manager.get_kernel(kernel_id) for kernel_id in manager.list_kernel_ids()]
        moments = [self._now() if _is_at_work(one) else one.last_activity for one in kernels]
        moments.append(self._server.web_app.settings.get("terminal_last_activity", self._used_at))
        return [self._used_at, *moments]

    def _saved(self, **_: Any) -> None:
        self._used_at = self._now()


def _is_at_work(kernel: Any) -> bool:
    """Also one that has only begun to start, of which the server notes nothing yet."""
    return getattr(kernel, "execution_state", "busy") == "busy"
