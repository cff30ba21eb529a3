"""Makes the data of みどりストア from a seed: `grader build exercises/demand-forecasting --out DIR` runs it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from shop.baselines import baselines, oracle
from shop.tables import draw_split, write_hand_in, write_public, write_truth
from shop.view import view_of
from shop.world import World, make_world

MANIFEST = Path(__file__).with_name("case.toml")
SPLIT_STREAM = 100


def generate(*, seed: int, out: Path, variation: bool) -> None:
    """Write out/public, out/truth and out/baselines (which exist); the same arguments give the same bytes."""
    world = make_world(seed=seed, variation=variation)
    write_public(world, public=out / "public", manifest=MANIFEST)
    write_truth(world, truth=out / "truth", split=split_of(world, seed=seed))
    write_hand_in(world, oracle(world), out / "truth" / "oracle.csv")
    for key, hand_in in baselines(view_of(world)).items():
        write_hand_in(world, hand_in, out / "baselines" / f"{key}.csv")


def split_of(world: World, *, seed: int) -> list[str]:
    """The public and private series; drawn apart from the world, so that a change there leaves it alone."""
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(SPLIT_STREAM,)))
    return draw_split(rng, world.past.sold)
