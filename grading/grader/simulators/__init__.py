"""The simulators that a case can name: a plan and the truth in, what each row contributes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from grader.simulators import inventory
from grader.truth import Truth

Floats = NDArray[np.float64]


class Simulator(Protocol):
    """Plan columns (rows,) in canonical order and the truth give outcomes (rows,), to be summed by split."""

    def __call__(
        self, *, plan: Mapping[str, Floats], truth: Truth, params: Mapping[str, Any]
    ) -> Mapping[str, Floats]: ...


SIMULATORS: dict[str, Simulator] = {"inventory": inventory.simulate}
