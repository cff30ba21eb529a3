"""From facts about people to groups: a calculation without Django, the same for the same problem and seed.

``solve`` first arranges people so that every hard rule is kept (``arranging``, with CP-SAT where counting alone does
not decide), then improves the arrangement by exchanges that keep them (``improving``). ``checks`` says independently
which rules a set of groups breaks, ``quality`` how good it is, ``reasons`` why a group is as it is.
"""

from campus.grouping.solver.arranging import arrange
from campus.grouping.solver.checks import broken_rules
from campus.grouping.solver.facts import CRITERIA, Candidate, Groups, Impossible, Problem, Rules
from campus.grouping.solver.improving import improve
from campus.grouping.solver.quality import Quality
from campus.grouping.solver.reasons import Reason, reasons_of

__all__ = [
    "CRITERIA",
    "Candidate",
    "Groups",
    "Impossible",
    "Problem",
    "Quality",
    "Reason",
    "Rules",
    "broken_rules",
    "reasons_of",
    "solve",
]


def solve(problem: Problem, *, told: "Told" = lambda _share: None) -> Groups:
    """Groups of people's ids; each hard rule is kept. Raises Impossible, which names the rule and the people.

    ``told`` hears now and then which share of the work is done.
    """
    return improve(problem, arrange(problem), told=told)


from campus.grouping.solver.improving import Told  # noqa: E402
