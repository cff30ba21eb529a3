"""The hand-ins that stand beside the board, each from what learners have, and the oracle that does not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from plant.inspectors import Judgement, judge
from plant.looks import Greys, Texts, blobs, statistics
from plant.lots import Floats
from plant.marks import Flags
from plant.world import Part, World

# Below, a defect drowns in the grain of its surface, whoever looks at it.
VISIBLE = 14.0


@dataclass(frozen=True)
class View:
    """What learners have: pictures and lots of known and of unseen parts, and what is known of the former."""

    known: Greys
    known_lots: Texts
    defect: Floats
    unseen: Greys
    unseen_lots: Texts


@dataclass(frozen=True)
class HandIn:
    """A score from 0 to 1 and a label for each part; masks where the hand-in marks any."""

    score: Floats
    label: NDArray[np.int64]
    masks: list[Flags] = field(default_factory=list)


def view_of(world: World) -> View:
    """The public side of a world."""
    return View(
        known=np.array([part.picture for part in world.train]),
        known_lots=np.array([part.lot.name for part in world.train]),
        defect=np.array([float(part.is_defect) for part in world.train]),
        unseen=np.array([part.picture for part in world.test]),
        unseen_lots=np.array([part.lot.name for part in world.test]),
    )


def by_statistics(view: View) -> Judgement:
    """A logistic regression on brightness, spread and extremes of each picture."""
    return _judged(view, statistics(view.known), statistics(view.unseen))


def by_blobs(view: View) -> Judgement:
    """The same on unusual spots, measured against the grain of the part's own lot."""
    return _judged(view, blobs(view.known, view.known_lots), blobs(view.unseen, view.unseen_lots))


def _judged(view: View, known: Floats, unseen: Floats) -> Judgement:
    model: Pipeline = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    return judge(model, known=known, defect=view.defect, lots=view.known_lots, unseen=unseen)


def same_for_all(view: View, label: int) -> HandIn:
    """Pass everything, or stop everything."""
    rows = len(view.unseen)
    return HandIn(np.full(rows, float(label)), np.full(rows, label))


def oracle(parts: list[Part]) -> HandIn:
    """Knows every defect, and sees those that are clear enough to be seen; nothing else."""
    clearness = np.array([part.clearness for part in parts])
    seen = clearness >= VISIBLE
    score = np.where(seen, 0.5 + 0.5 * clearness / clearness.max(), 0.0)
    masks = [part.mask & visible for part, visible in zip(parts, seen, strict=True)]
    return HandIn(score, seen.astype(np.int64), masks)


def baselines(view: View) -> dict[str, HandIn]:
    """All baselines by the keys of the manifest."""
    judged = {"statistics": by_statistics(view), "blobs": by_blobs(view)}
    return {
        "all_ok": same_for_all(view, 0),
        "all_ng": same_for_all(view, 1),
        **{key: HandIn(one.score, one.label) for key, one in judged.items()},
    }
