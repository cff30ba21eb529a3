"""How the scores of a board are spread, and where among them the reader's own stands."""

from bisect import bisect_right
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from campus.cases.models import Step
from campus.submissions.board import Split, standing_of
from campus.submissions.measures import Measure, measures_of
from campus.submissions.models import Owner, Standing

BARS = 8
# Scores worse than this share of all are in the last bar together: a few that went astray would flatten the rest.
SHOWN = 0.9


def distribution(*, step: Step, split: Split, own: Owner | None) -> dict[str, Any]:
    """Figures as ``<campus-chart>`` draws them: how many have which score, the best first; the own bar apart."""
    measure = measures_of(step.case_version)[0]
    primary = f"{split}_primary"
    keys = sorted(Standing.objects.on_board(step, split).values_list(primary, flat=True))
    mine = standing_of(own, step=step) if own else None
    own_key = getattr(mine, primary) if mine else None
    edges = edges_of(keys)
    counts = [0] * len(edges)
    for key in keys:
        counts[_bar(edges, key)] += 1
    yours = [0] * len(edges)
    if own_key is not None and keys:
        yours[_bar(edges, own_key)] = 1
    return {
        "kind": "bar",
        "across": True,
        "stacked": True,
        "x": f"{measure.name} [{measure.unit_name}]" if measure.unit_name else measure.name,
        "y": _("Teams") if step.is_team_step else _("Learners"),
        "labels": _labels(edges, measure),
        "series": [
            {
                "name": pgettext("graph", "Others"),
                "values": [max(0, a - b) for a, b in zip(counts, yours, strict=True)],
            },
            *([{"name": pgettext("graph", "You"), "values": yours}] if own_key is not None else []),
        ],
        "summary": _summary(keys, own_key),
    }


def edges_of(keys: list[float]) -> list[float]:
    """Where each bar begins, the best first; ``keys`` ascending, least is best. The last bar has no end."""
    if not keys:
        return []
    best, worst = keys[0], keys[min(len(keys) - 1, int(len(keys) * SHOWN))]
    if best == worst:
        return [best]
    return [best + (worst - best) * i / BARS for i in range(BARS)]


def _bar(edges: list[float], key: float) -> int:
    return max(0, bisect_right(edges, key) - 1)


def _labels(edges: list[float], measure: Measure) -> list[str]:
    said = [measure.show(edge if measure.lower_is_better else -edge) for edge in edges]
    between = [_("%(low)s to %(high)s") % {"low": low, "high": high} for low, high in pairwise(said)]
    return [*between, _("%(score)s or worse") % {"score": said[-1]}] if len(said) > 1 else said


def _summary(keys: list[float], own_key: float | None) -> str:
    text = ngettext("%(count)d score on the leaderboard.", "%(count)d scores on the leaderboard.", len(keys))
    said = text % {"count": len(keys)}
    if own_key is None:
        return said
    worse = len(keys) - bisect_right(keys, own_key)
    return said + " " + _("Yours is better than %(percent)d%% of them.") % {"percent": round(100 * worse / len(keys))}
