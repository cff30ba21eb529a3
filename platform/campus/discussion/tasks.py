"""What has to happen by itself."""

from campus import live
from campus.discussion.helping import offer_unanswered
from campus.discussion.summaries import send_summaries


@live.every(seconds=60)
def ask_who_may_know() -> None:
    """Offer questions that have waited long enough to people who may know."""
    offer_unanswered()


@live.every(seconds=300)
def summarise() -> None:
    """Send the summaries of this morning, wherever it is morning."""
    send_summaries()
