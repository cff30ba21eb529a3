"""Scheduled announcements."""

from campus import live
from campus.announcements import actions


@live.every(seconds=10)
def send_due() -> None:
    """Registered in every worker and live process; only one of them is at it at a time."""
    actions.send_due()
