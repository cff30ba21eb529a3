"""Background work of launches."""

from campus import live
from campus.lti.launches import delete_expired


@live.every(seconds=3600)
def forget_launches() -> None:
    """What an LMS told of people is not kept beyond their coming in."""
    delete_expired()
