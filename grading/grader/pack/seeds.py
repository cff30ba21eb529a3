"""Seeds: the public one of a pack for demonstrations, and secret ones kept outside the repository.

A pack whose data lie in it needs none; the digest of its data takes the place.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from grader.pack.model import Pack
from grader.pack.reading import PackError
from grader.pack.sealed import data_digest
from grader.problems import Problem

BITS = 128


class SeedKind(StrEnum):
    DEMO = "demo"
    SECRET = "secret"  # noqa: S105 (a kind, no password)
    DATA = "data"


@dataclass(frozen=True)
class Seed:
    """An integer below 2**128. A secret one also varies the parameters of the data; of data it is their digest."""

    kind: SeedKind
    value: int = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 commitment: proves later which seed was used, and gives nothing away of 128 random bits."""
        return hashlib.sha256(f"manabiai seed {self.value:032x}".encode()).hexdigest()


def seed_of(pack: Pack) -> Seed:
    """What the pack's data are made from unless told otherwise: its demo seed, or the data that lie in it."""
    if pack.demo is None:
        return Seed(kind=SeedKind.DATA, value=int(data_digest(pack)[: BITS // 4], 16))
    return demo_seed(pack)


def demo_seed(pack: Pack) -> Seed:
    """The seed that case.toml prints. Raises ValueError for a pack without one."""
    if pack.demo is None:
        raise ValueError("the pack has data and no seed")
    return Seed(kind=SeedKind.DEMO, value=int(pack.demo.seed, 0 if pack.demo.seed.startswith("0x") else 10))


def write_secret_seed(path: Path) -> None:
    """Write a fresh secret seed to a new file that only its owner may read. Raises FileExistsError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{secrets.randbits(BITS):032x}\n")


def read_secret_seed(path: Path) -> Seed:
    """The seed that ``write_secret_seed`` wrote. Raises PackError."""
    try:
        text = path.read_text(encoding="ascii").strip()
        if len(text) != BITS // 4:
            raise ValueError
        return Seed(kind=SeedKind.SECRET, value=int(text, 16))
    except (OSError, ValueError):
        raise PackError([Problem("seed_bad", {"file": str(path)})]) from None
