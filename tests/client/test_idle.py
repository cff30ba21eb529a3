"""Which servers end because nobody uses them; a real one is in tests/notebooks."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from manabiai.idle import Idle

BEGAN = datetime(2026, 11, 26, 9, tzinfo=UTC)
LIMIT = timedelta(minutes=60)


class Server:
    """What Jupyter's server tells of itself; `clock` is moved by hand."""

    def __init__(self) -> None:
        self.clock = BEGAN
        self.kernels: dict[str, Any] = {}
        self.saved: list[Callable[..., None]] = []
        self.has_ended = False
        self.web_app = SimpleNamespace(settings={})
        self.log = SimpleNamespace(info=lambda *_: None)
        self.contents_manager = SimpleNamespace(register_post_save_hook=self.saved.append)
        self.kernel_manager = SimpleNamespace(list_kernel_ids=lambda: list(self.kernels), get_kernel=self.kernels.get)
        self.idle = Idle(self, seconds=LIMIT.total_seconds(), now=lambda: self.clock)

    def stop(self) -> None:
        self.has_ended = True

    def ends_after(self, passed: timedelta) -> bool:
        """Whether it has ended when somebody looks so long after the start."""
        self.clock = BEGAN + passed
        self.idle.look()
        return self.has_ended


@pytest.fixture
def server() -> Server:
    return Server()


def test_a_server_that_nobody_uses_ends_at_the_limit(server: Server) -> None:
    server.kernels["k"] = SimpleNamespace(execution_state="idle", last_activity=BEGAN)
    assert not server.ends_after(LIMIT - timedelta(seconds=1))
    assert server.ends_after(LIMIT)


def test_a_cell_that_was_run_counts_also_when_its_kernel_is_gone(server: Server) -> None:
    server.kernels["k"] = SimpleNamespace(execution_state="idle", last_activity=BEGAN + LIMIT / 2)
    assert not server.ends_after(LIMIT)
    server.kernels.clear()
    assert not server.ends_after(LIMIT * 1.4)
    assert server.ends_after(LIMIT * 1.5)


@pytest.mark.parametrize("kernel", [SimpleNamespace(execution_state="busy", last_activity=BEGAN), SimpleNamespace()])
def test_a_kernel_at_work_is_use_until_it_is_done(server: Server, kernel: SimpleNamespace) -> None:
    server.kernels["k"] = kernel
    assert not server.ends_after(LIMIT * 5)
    server.kernels["k"] = SimpleNamespace(execution_state="idle", last_activity=BEGAN)
    assert not server.ends_after(LIMIT * 5.9)
    assert server.ends_after(LIMIT * 6)


def test_who_writes_and_saves_or_types_into_a_terminal_uses_it(server: Server) -> None:
    server.clock = BEGAN + LIMIT / 2
    server.saved[0](os_path="/home/learner/x.md", model={}, contents_manager=None)
    assert not server.ends_after(LIMIT * 1.4)
    server.web_app.settings["terminal_last_activity"] = server.clock
    assert not server.ends_after(LIMIT * 2.3)
    assert server.ends_after(LIMIT * 2.4)
