"""One seed's whole world: lots, their parts with defects and all else, the pictures, and what is true of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from plant.lots import Floats, Lot, draw_lots, surfaces
from plant.marks import Flags, draw_defect, gloss, specks
from plant.settings import KINDS, PER_LOT, SHARES, SIDE, TEST_DEFECTS, TEST_LOTS, TRAIN_DEFECTS, TRAIN_LOTS, Settings

Grey = NDArray[np.uint8]
FIRST_DAY = datetime(2026, 2, 2, 8, 30)
PUBLIC_LOTS = 8  # of the test's


@dataclass(frozen=True)
class Part:
    """One part as the camera saw it. kind "" is a good part. clearness: see plant.marks.Defect, 0 for good parts."""

    image_id: str
    lot: Lot
    shot_at: datetime
    kind: str
    clearness: float
    picture: Grey
    mask: Flags

    @property
    def is_defect(self) -> bool:
        return self.kind != ""


@dataclass(frozen=True)
class World:
    """Parts of the training lots and of later ones, each in the order of their ids; the public lots of the test."""

    train: list[Part]
    test: list[Part]
    public: frozenset[str]


def make_world(*, seed: int, variation: bool = False, settings: Settings | None = None) -> World:
    """Draw the world of a seed (up to 128 bits), with `variation` its settings too; each thing has its own stream."""
    varied, before, after, names, split = (np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(5))
    settings = settings or Settings()
    if variation:
        settings = Settings.drawn(varied, settings)
    first = int(varied.integers(101, 400))
    known = draw_lots(before, settings, count=TRAIN_LOTS, first=first)
    unseen = draw_lots(after, settings, count=TEST_LOTS, first=first + TRAIN_LOTS)
    public = frozenset(lot.name for lot in (unseen[at] for at in split.permutation(TEST_LOTS)[:PUBLIC_LOTS]))
    numbers = names.permutation(np.arange(10_000, 100_000))[: PER_LOT * (TRAIN_LOTS + TEST_LOTS)]
    ids = [f"P{number}" for number in numbers]
    cut = PER_LOT * TRAIN_LOTS
    return World(
        train=_parts(before, known, _kinds(before, known, {TRAIN_DEFECTS: known}), ids[:cut], settings),
        test=_parts(after, unseen, _kinds(after, unseen, _fair(unseen, public)), ids[cut:], settings),
        public=public,
    )


def _fair(lots: list[Lot], public: frozenset[str]) -> dict[int, list[Lot]]:
    """As many defects for the public and the other lots as they have parts: both halves mean the same."""
    shown = round(TEST_DEFECTS * PUBLIC_LOTS / TEST_LOTS)
    seen, rest = ([lot for lot in lots if (lot.name in public) is wanted] for wanted in (True, False))
    return {shown: seen, TEST_DEFECTS - shown: rest}


def _kinds(rng: np.random.Generator, lots: list[Lot], wanted: dict[int, list[Lot]]) -> dict[str, list[str]]:
    """What each part of each lot has, in the order of the shots; bad parts fall on lots and places by chance."""
    kinds = {lot.name: [""] * PER_LOT for lot in lots}
    for count, among in wanted.items():
        of_kind = [round(count * share) for share in SHARES]
        of_kind[0] += count - sum(of_kind)
        drawn = rng.permutation(np.repeat(KINDS, of_kind))
        places = rng.choice(len(among) * PER_LOT, size=count, replace=False)
        for place, kind in zip(places, drawn, strict=True):
            kinds[among[place // PER_LOT].name][place % PER_LOT] = str(kind)
    return kinds


def _parts(
    rng: np.random.Generator, lots: list[Lot], kinds: dict[str, list[str]], ids: list[str], settings: Settings
) -> list[Part]:
    parts = [part for day, lot in enumerate(lots) for part in _lot(rng, lot, kinds[lot.name], day, settings)]
    named = (Part(**{**vars(part), "image_id": name}) for part, name in zip(parts, ids, strict=True))
    return sorted(named, key=lambda part: part.image_id)


def _lot(rng: np.random.Generator, lot: Lot, kinds: list[str], day: int, settings: Settings) -> Iterator[Part]:
    grey = surfaces(rng, lot, count=len(kinds))
    moment = FIRST_DAY + timedelta(days=day + int(lot.name[1:]) // 5, minutes=int(rng.integers(0, 360)))
    for number, kind in enumerate(kinds):
        moment += timedelta(seconds=int(rng.integers(6, 14)))
        added, mask, clearness = _marks(rng, kind, lot, settings)
        picture = np.clip(np.rint(grey[number] + added), 0, 255).astype(np.uint8)
        yield Part("", lot, moment, kind, clearness, picture, mask)


def _marks(rng: np.random.Generator, kind: str, lot: Lot, settings: Settings) -> tuple[Floats, Flags, float]:
    """Everything that lies on one part, the pixels of its defect, and how clear that is."""
    added = specks(rng, lot, settings)
    if rng.random() < settings.gloss_share:
        added = added + gloss(rng)
    if not kind:
        return added, np.zeros((SIDE, SIDE), dtype=bool), 0.0
    defect = draw_defect(rng, kind, lot, settings)
    return added + defect.added, defect.mask, defect.clearness(lot)
