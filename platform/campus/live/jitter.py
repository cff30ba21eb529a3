"""Pauses that differ a little, so that many don't come back at once."""

import random


def jittered(seconds: float) -> float:
    """The pause, up to a third shorter or longer."""
    return seconds * random.uniform(0.67, 1.33)  # noqa: S311  nothing secret hangs on it
