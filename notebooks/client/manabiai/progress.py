"""Tells how a submission waits, without telling the same again and again."""

from collections.abc import Callable

from manabiai.records import Submission

TELL_EVERY = 10.0


class Progress:
    """Tells of each new state at once, of a new place in the queue every TELL_EVERY seconds at most."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._state = self._text = ""
        self._told_at = 0.0

    def note(self, submission: Submission, *, at: float) -> None:
        """``at``: seconds waited so far."""
        text = submission.waiting
        is_due = submission.state != self._state or at >= self._told_at + TELL_EVERY
        if text and text != self._text and is_due:
            self._tell(text)
            self._state, self._text, self._told_at = submission.state, text, at
