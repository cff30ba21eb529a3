"""Makes the data of 光和精密 from a seed: `grader build exercises/defect-detection --out DIR` runs it."""

from __future__ import annotations

from pathlib import Path

from plant.baselines import baselines, oracle, view_of
from plant.tables import write_hand_in, write_public, write_truth
from plant.world import make_world

MANIFEST = Path(__file__).with_name("case.toml")


def generate(*, seed: int, out: Path, variation: bool) -> None:
    """Write out/public, out/truth and out/baselines (which exist); the same arguments give the same bytes."""
    world = make_world(seed=seed, variation=variation)
    write_public(world, public=out / "public", manifest=MANIFEST)
    write_truth(world, truth=out / "truth")
    write_hand_in(world.test, oracle(world.test), out / "truth" / "oracle.csv")
    for key, hand_in in baselines(view_of(world)).items():
        write_hand_in(world.test, hand_in, out / "baselines" / f"{key}.csv")
