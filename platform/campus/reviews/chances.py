"""How likely a review that is under way comes within the time that authors are promised. Pure.

Learners take three days to finish a review, by the median; how long the others take is log-normal around it (edX data,
see docs/reviews.md). The longer one is under way, the less is left of the time that it may take.
"""

import math
from datetime import timedelta

USUAL = timedelta(hours=72)
SPREAD = 0.55
STAYS = 0.93  # the part of reviewers who do not leave meanwhile
LEFT_ALONE = 0.15  # what was left alone is taken up again at times
# When the promised time is over, the author waits on: what can come in so long still helps.
AT_LEAST = timedelta(hours=72)


def chance(*, age: timedelta, left: timedelta) -> float:
    """That a review begun ``age`` ago is given while there is time ``left``."""
    until = age + max(left, AT_LEAST)
    return STAYS * (1 - _takes_longer(until) / max(_takes_longer(age), 1e-9))


def _takes_longer(span: timedelta) -> float:
    """The part of reviews that take longer than that."""
    if span <= timedelta(0):
        return 1.0
    return 0.5 * math.erfc(math.log(span / USUAL) / (SPREAD * math.sqrt(2)))
