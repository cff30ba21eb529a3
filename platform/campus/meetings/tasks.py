"""What happens by itself: reminders."""

from campus import live
from campus.meetings import reminders


@live.every(seconds=30)
def remind() -> None:
    """Registered in every worker and live process; only one of them is at it at a time."""
    reminders.remind()
