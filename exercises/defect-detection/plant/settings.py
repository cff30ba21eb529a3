"""What the plant is like: as written for the demo seed, drawn anew for a secret one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

SIDE = 128  # pixels
PER_LOT = 50
TRAIN_LOTS, TEST_LOTS = 24, 20
LINES = ("L1", "L2", "L3", "L4")
KINDS = ("scratch", "stain", "dent")
MISSED_YEN, FALSE_ALARM_YEN = 16_000, 800
# NG among all parts. With this share, passing everything costs as much as stopping everything.
TRAIN_DEFECTS, TEST_DEFECTS = 57, 48
# Of each kind, in the order of KINDS.
SHARES = (0.42, 0.29, 0.29)


@dataclass(frozen=True)
class Settings:
    """contrast: of all defects, 1 as found on the line. The others: shares of parts, and ranges between lots."""

    contrast: float = 1.0
    gloss_share: float = 0.10
    grain: tuple[float, float] = (5.0, 10.0)
    pitch: tuple[float, float] = (4.0, 9.0)
    groove: tuple[float, float] = (3.0, 8.0)
    light: tuple[float, float] = (8.0, 26.0)
    specks: float = 0.8

    @classmethod
    def drawn(cls, rng: np.random.Generator, base: Settings) -> Settings:
        """Another plant of the same difficulty: what tells lots apart moves, contrast stays."""
        factor = rng.uniform(0.85, 1.15, size=4)
        return replace(
            base,
            gloss_share=float(rng.uniform(0.08, 0.12)),
            grain=(base.grain[0] * factor[0], base.grain[1] * factor[0]),
            pitch=(base.pitch[0] * factor[1], base.pitch[1] * factor[1]),
            groove=(base.groove[0] * factor[2], base.groove[1] * factor[2]),
            light=(base.light[0] * factor[3], base.light[1] * factor[3]),
        )
