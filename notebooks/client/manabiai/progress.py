"""Tells how a submission waits: a panel that is drawn anew in a notebook, lines elsewhere."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from manabiai import displays, jupyter
from manabiai.records import Submission
from manabiai.words import say

TELL_EVERY = 10.0
# A bar that reaches its end before the score is there would lie.
_FULLEST = 0.95


class Progress(ABC):
    """``at``: seconds waited so far."""

    @abstractmethod
    def note(self, submission: Submission, *, at: float) -> None:
        """The submission as it is now."""

    @abstractmethod
    def end(self, submission: Submission, *, at: float) -> None:
        """Nobody waits for it any more; it may still be going on."""


class Lines(Progress):
    """Tells of each new state at once, of a new place in the queue every TELL_EVERY seconds at most."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._state = self._text = ""
        self._told_at = 0.0

    def note(self, submission: Submission, *, at: float) -> None:
        text = submission.waiting
        is_due = submission.state != self._state or at >= self._told_at + TELL_EVERY
        if text and text != self._text and is_due:
            self._tell(text)
            self._state, self._text, self._told_at = submission.state, text, at

    def end(self, submission: Submission, *, at: float) -> None:
        """Who prints lines prints the answer too."""


class Panel(Progress):
    """A line and a bar below the cell, drawn anew with every answer of the site."""

    def __init__(self) -> None:
        self._handle: Any = None

    def note(self, submission: Submission, *, at: float) -> None:
        if submission.is_final:
            return
        language = submission.measures.language
        label = say("progress", language)
        share = None
        if submission.expected_seconds is not None:
            share = min(at / (at + submission.expected_seconds + 0.5), _FULLEST)
        waited = say("waited", language, seconds=at)
        parts = displays.line(submission.waiting), displays.bar(label, share), displays.line(waited)
        self._draw(submission.waiting, displays.panel(language, *parts))

    def end(self, submission: Submission, *, at: float) -> None:
        language = submission.measures.language
        key = "ended" if submission.is_final else "goes_on"
        text = say(key, language, headline=submission.headline, seconds=at)
        self._draw(text, displays.panel(language, displays.line(text)))

    def _draw(self, text: str, html: str) -> None:
        from IPython.display import display

        shown = {"text/plain": text, "text/html": html}
        if self._handle is None:
            self._handle = display(shown, raw=True, display_id=True)
        else:
            self._handle.update(shown, raw=True)


def progress_for(tell: Callable[[str], None] | None) -> Progress:
    """Lines to ``tell``; where nobody was named, a panel in a notebook and printed lines elsewhere."""
    if tell is not None:
        return Lines(tell)
    return Panel() if jupyter.shell() is not None else Lines(print)
