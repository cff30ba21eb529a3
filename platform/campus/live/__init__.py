"""Numbered streams of events, delivered to browsers in real time.

The names below are all that other apps use.
"""

from campus.live.chores import every
from campus.live.publishing import atomic, last_seq, last_seqs, publish, recheck, touch, touch_each
from campus.live.pulse import is_listening, workers_alive
from campus.live.rights import readable

__all__ = [
    "atomic",
    "every",
    "is_listening",
    "last_seq",
    "last_seqs",
    "publish",
    "readable",
    "recheck",
    "touch",
    "touch_each",
    "workers_alive",
]
