"""What a score is worth in yen: formulas that a case can name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

WEEKS_A_YEAR = 52


def saving_per_year(*, yours: float, legacy: float, legacy_total: float, params: Mapping[str, Any]) -> float:
    """Yen saved in a year by the whole company: (legacy − yours) × 52 / weeks × legacy of all / legacy of this split.

    yours, legacy: cost of the split over ``params["weeks"]`` weeks. legacy_total: the legacy's cost over all rows.
    On the whole truth the last factor is 1; on a part it carries the share that was saved there over to the whole.
    """
    share = legacy_total / legacy if legacy else 0.0
    return (legacy - yours) * WEEKS_A_YEAR / float(params["weeks"]) * share


def saving_by_unit(*, yours: float, legacy: float, params: Mapping[str, Any], **_: float) -> float:
    """Yen saved in a year: (legacy − yours) × ``params["units"]`` a year, where the metric is the mean cost of a unit.

    A mean needs no carrying over from a part to the whole.
    """
    return (legacy - yours) * float(params["units"])


Formula = Callable[..., float]
FORMULAS: dict[str, Formula] = {"saving_per_year": saving_per_year, "saving_by_unit": saving_by_unit}
