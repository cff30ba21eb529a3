"""Reads the public side of a build, as learners have it, and for lessons what is true of the unseen parts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from grader.pictures import pictures_of
from plant.baselines import View
from plant.lots import Floats
from plant.tables import DEFECT, ID, LOT


def read_view(public: Path) -> View:
    """The same as ``view_of(world)``, from the public files of a build."""
    known, unseen = pd.read_csv(public / "inspect.csv"), pd.read_csv(public / "test.csv")
    return View(
        known=pictures_of(public / "train_images.zip", known[ID]),
        known_lots=known[LOT].to_numpy(dtype=np.str_),
        defect=known[DEFECT].to_numpy(dtype=np.float64),
        unseen=pictures_of(public / "test_images.zip", unseen[ID]),
        unseen_lots=unseen[LOT].to_numpy(dtype=np.str_),
    )


def true_defects(build: Path) -> Floats:
    """1 for each unseen part that is a defect, in the order of test.csv."""
    ids = pd.read_csv(build / "public" / "test.csv")[ID]
    truth = pd.read_csv(build / "truth" / "truth.csv").set_index("image_id")
    return truth.loc[ids, "defect"].to_numpy(dtype=np.float64)
