"""The attackers: as code and as a model, against runners started as root and as a user."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.grading.attacks.attacking import Attacker, CodeAttacker, ModelAttacker
from tests.grading.sandboxes import Sandbox


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All attacks share the runners of one worker."""
    for item in items:
        if "/attacks/" in str(item.path):
            item.add_marker(pytest.mark.xdist_group("runner"))


@pytest.fixture(scope="session")
def probers() -> Iterator[dict[str, ModelAttacker]]:
    """By who started them; ended with the session."""
    known: dict[str, ModelAttacker] = {}
    yield known
    for attacker in known.values():
        attacker.close()


@pytest.fixture
def model_attacker(sandbox: Sandbox, probers: dict[str, ModelAttacker]) -> ModelAttacker:
    """Skipped where the sandbox is."""
    who = sandbox.starting.who
    if who not in probers:
        probers[who] = ModelAttacker(sandbox.starting)
    return probers[who]


@pytest.fixture(params=["code", "model"])
def attacker(request: pytest.FixtureRequest, sandbox: Sandbox) -> Attacker:
    """Every attack that both levels have to withstand."""
    return CodeAttacker(sandbox) if request.param == "code" else request.getfixturevalue("model_attacker")


@pytest.fixture
def coder(sandbox: Sandbox) -> CodeAttacker:
    """Attacks that only programs can try."""
    return CodeAttacker(sandbox)
