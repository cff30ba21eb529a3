"""What lies on a surface: scratches, stains and dents, which are defects, and gloss and specks, which are not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plant.lots import COLUMNS, ROWS, Floats, Lot, filtered
from plant.settings import SIDE, Settings

Flags = NDArray[np.bool_]
MARGIN = 18  # pixels between a defect's middle and the edge
SEEN = 0.3  # of its strongest pixel: from there on a pixel belongs to the defect
# Median and spread (log) of the contrast, in standard deviations of the lot's texture.
CONTRAST = {"scratch": (3.2, 0.35), "stain": (2.0, 0.30), "dent": (2.9, 0.35)}


@dataclass(frozen=True)
class Defect:
    """What it adds to the grey values, and which pixels belong to it; both (SIDE, SIDE)."""

    kind: str
    added: Floats
    mask: Flags

    def clearness(self, lot: Lot) -> float:
        """How far it stands out of the noise of its pixels together: what the best possible eye has to go by."""
        return float(np.sqrt(np.square(self.added).sum()) / lot.texture)


def draw_defect(rng: np.random.Generator, kind: str, lot: Lot, settings: Settings) -> Defect:
    """A defect of the kind on a part of the lot."""
    median, spread = CONTRAST[kind]
    strength = settings.contrast * lot.texture * median * float(rng.lognormal(0, spread))
    shape = SHAPES[kind](rng, lot)
    return Defect(kind=kind, added=strength * shape, mask=np.abs(shape) >= SEEN * np.abs(shape).max())


def _middle(rng: np.random.Generator) -> tuple[float, float]:
    row, column = rng.uniform(MARGIN, SIDE - MARGIN, 2)
    return float(row), float(column)


def _scratch(rng: np.random.Generator, lot: Lot) -> Floats:
    """A thin, slightly bent line, dark or bright, fading towards its ends; in any direction but the grooves'."""
    row, column = _middle(rng)
    angle = lot.angle + rng.choice([-1, 1]) * rng.uniform(0.35, np.pi / 2)
    length, width, bend = rng.uniform(22, 60), rng.uniform(0.7, 1.3), rng.normal(0, 0.004)
    on = (COLUMNS - column) * np.cos(angle) + (ROWS - row) * np.sin(angle)
    off = (ROWS - row) * np.cos(angle) - (COLUMNS - column) * np.sin(angle) - bend * on**2
    fade = np.clip(1.25 - 1.25 * np.abs(2 * on / length) ** 3, 0, 1)
    line: Floats = np.exp(-0.5 * (off / width) ** 2) * fade
    return float(rng.choice([-1, 1])) * line


def _stain(rng: np.random.Generator, _: Lot) -> Floats:
    """A soft patch of uneven outline, darker than its surroundings."""
    row, column = _middle(rng)
    radius = rng.uniform(8, 15)
    away = np.hypot(ROWS - row, (COLUMNS - column) * rng.uniform(0.7, 1.3)) / radius
    uneven = 0.25 * filtered(rng, count=1, along=7.0, across=7.0, angle=0.0)[0]
    patch: Floats = 1 / (1 + np.exp(6 * (away + uneven - 1)))
    return -patch


def _dent(rng: np.random.Generator, lot: Lot) -> Floats:
    """A small hollow: lit on one side and shaded on the other, as the light of the lot falls."""
    row, column = _middle(rng)
    radius = rng.uniform(2.6, 4.6)
    away = np.hypot(ROWS - row, COLUMNS - column) / radius
    towards = ((COLUMNS - column) * np.cos(lot.light_angle) + (ROWS - row) * np.sin(lot.light_angle)) / radius
    hollow: Floats = np.exp(-0.5 * away**2) * (1.5 * towards - 0.45)
    return hollow


SHAPES: dict[str, Callable[[np.random.Generator, Lot], Floats]] = {"scratch": _scratch, "stain": _stain, "dent": _dent}


def gloss(rng: np.random.Generator) -> Floats:
    """A bright band where oil or polish shines: looks alarming, harms nobody."""
    row, column = _middle(rng)
    angle, width = rng.uniform(0, np.pi), rng.uniform(4, 12)
    off = (ROWS - row) * np.cos(angle) - (COLUMNS - column) * np.sin(angle)
    band: Floats = rng.uniform(14, 38) * np.exp(-0.5 * (off / width) ** 2)
    return band


def specks(rng: np.random.Generator, lot: Lot, settings: Settings) -> Floats:
    """Dust on the lens: a few tiny dark or bright points, on good and bad parts alike."""
    dust = np.zeros((SIDE, SIDE))
    for _ in range(int(rng.poisson(settings.specks))):
        row, column = rng.uniform(2, SIDE - 2, 2)
        near = np.hypot(ROWS - row, COLUMNS - column)
        strength = rng.choice([-1, 1]) * lot.texture * rng.uniform(1.5, 4.0)
        dust += strength * np.exp(-0.5 * (near / rng.uniform(0.6, 1.1)) ** 2)
    return dust
