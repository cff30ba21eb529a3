"""Lots and the surface of their parts: grain, machining grooves and light, alike within a lot and different between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from plant.settings import LINES, SIDE, Settings

Floats = NDArray[np.float64]
# Pictures are made in single precision: twice as fast, and they end as whole grey values anyway.
Singles = NDArray[np.float32]
ROWS, COLUMNS = np.mgrid[0:SIDE, 0:SIDE].astype(np.float64)


@dataclass(frozen=True)
class Lot:
    """One lot: on which line it ran and what its surface is like. Angles in radians, lengths in pixels."""

    name: str
    line: str
    brightness: float
    grain: float
    coarse: float
    groove: float
    pitch: float
    angle: float
    light: float
    light_angle: float
    noise: float

    @property
    def texture(self) -> float:
        """Standard deviation of what the surface alone does to a pixel; defects are measured by it."""
        return float(np.sqrt(self.grain**2 + self.groove**2 / 2 + self.noise**2))


def draw_lots(rng: np.random.Generator, settings: Settings, *, count: int, first: int) -> list[Lot]:
    """The lots in the order in which they ran; each line machines in its own direction."""
    direction = rng.uniform(0, np.pi, size=len(LINES))
    return [_draw_lot(rng, settings, number, direction) for number in range(first, first + count)]


def _draw_lot(rng: np.random.Generator, settings: Settings, number: int, direction: Floats) -> Lot:
    line = int(rng.integers(len(LINES)))
    return Lot(
        name=f"A{number:03d}",
        line=LINES[line],
        brightness=float(rng.uniform(105, 160)),
        grain=float(rng.uniform(*settings.grain)),
        coarse=float(rng.uniform(0.8, 2.2)),
        groove=float(rng.uniform(*settings.groove)),
        pitch=float(rng.uniform(*settings.pitch)),
        angle=float(direction[line] + rng.normal(0, 0.12)),
        light=float(rng.uniform(*settings.light)),
        light_angle=float(rng.uniform(0, 2 * np.pi)),
        noise=float(rng.uniform(2.0, 3.5)),
    )


def surfaces(rng: np.random.Generator, lot: Lot, *, count: int) -> Singles:
    """Clean parts of the lot, grey values of shape (count, SIDE, SIDE), not yet clipped."""
    phase, tilt = rng.uniform(0, 2 * np.pi, count), rng.normal(0, 0.03, count)
    grain = lot.grain * filtered(rng, count=count, along=3.0 * lot.coarse, across=lot.coarse, angle=lot.angle)
    wander = filtered(rng, count=count, along=24.0, across=24.0, angle=0.0)
    across = _across(lot.angle + tilt) * (2 * np.pi / lot.pitch) + phase[:, None, None]
    groove = lot.groove * np.sin(across.astype(np.float32) + np.float32(0.7) * wander)
    light = lot.light * rng.uniform(0.8, 1.2, count)[:, None, None] * _slope(lot.light_angle)
    shade = rng.normal(0, 3.0, count)[:, None, None] + lot.brightness
    noise = np.float32(lot.noise) * rng.standard_normal((count, SIDE, SIDE), dtype=np.float32)
    return (light + shade).astype(np.float32) + grain + groove + noise


def filtered(rng: np.random.Generator, *, count: int, along: float, across: float, angle: float) -> Singles:
    """Smooth noise of mean 0 and variance 1: its correlation reaches so many pixels along the angle and across it."""
    white = rng.standard_normal((count, SIDE, SIDE), dtype=np.float32)
    rows, columns = np.fft.fftfreq(SIDE)[:, None], np.fft.rfftfreq(SIDE)[None, :]
    on, off = columns * np.cos(angle) + rows * np.sin(angle), rows * np.cos(angle) - columns * np.sin(angle)
    kernel = np.exp(-2 * np.pi**2 * ((on * along) ** 2 + (off * across) ** 2))
    kernel[0, 0] = 0.0
    smooth = fft.irfft2(fft.rfft2(white) * kernel.astype(np.float32), s=(SIDE, SIDE))
    scaled: Singles = smooth / smooth.std(axis=(1, 2), keepdims=True)
    return scaled


def _across(angle: Floats) -> Floats:
    """How far each pixel lies across the direction, one picture for each angle."""
    offsets: Floats = ROWS * np.cos(angle)[:, None, None] - COLUMNS * np.sin(angle)[:, None, None]
    return offsets


def _slope(angle: float) -> Floats:
    """Light from one side, −0.5 to 0.5 over the picture."""
    slope: Floats = (COLUMNS / (SIDE - 1) - 0.5) * np.cos(angle) + (ROWS / (SIDE - 1) - 0.5) * np.sin(angle)
    return slope
