"""The ways in which learners of the demo come along: most are fine, some need somebody."""

import random
import re
from enum import StrEnum


class Way(StrEnum):
    """How one learner of the demo comes along."""

    STEADY = "steady"
    TARDY = "tardy"  # Answered the survey after its deadline.
    MISSED = "missed"  # Did not answer the survey.
    EXTENDED = "extended"  # Has more time for the survey.
    FLAT = "flat"  # Hands in again and again, and the score doesn't get better.
    REFUSED = "refused"  # The files are not accepted.
    SILENT = "silent"
    NEVER = "never"  # Has never signed in.
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"

    @property
    def answers_in_time(self) -> bool:
        return self not in {Way.TARDY, Way.MISSED, Way.EXTENDED, Way.NEVER, Way.WITHDRAWN}

    @property
    def hands_in(self) -> bool:
        """Whether the learner gets as far as the graded step."""
        return self in {Way.STEADY, Way.TARDY, Way.MISSED, Way.EXTENDED, Way.FLAT}

    @property
    def days_unseen(self) -> tuple[float, float] | None:
        """Between how many days ago the last visit was; None for none."""
        if self == Way.NEVER:
            return None
        return (8, 16) if self in {Way.SILENT, Way.PAUSED, Way.WITHDRAWN} else (0, 2)


# Dealt to every fifty learners, so that also a small demo has some of each.
_OF_FIFTY = {
    Way.STEADY: 31,
    Way.TARDY: 2,
    Way.MISSED: 3,
    Way.EXTENDED: 1,
    Way.FLAT: 3,
    Way.REFUSED: 2,
    Way.SILENT: 4,
    Way.NEVER: 1,
    Way.PAUSED: 1,
    Way.WITHDRAWN: 2,
}
_DECK = [way for way, count in _OF_FIFTY.items() for _ in range(count)]
random.Random("ways").shuffle(_DECK)


def way_of(email: str) -> Way:
    """The same for the same address, by its number; those whose password is printed at the start are fine."""
    number = re.search(r"\d+", email)
    return _DECK[int(number[0]) % len(_DECK)] if number else Way.STEADY
