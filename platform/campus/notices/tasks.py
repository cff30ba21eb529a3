"""Background work of notices."""

from django.db import close_old_connections
from procrastinate.contrib.django import app

from campus import live
from campus.notices import postage, pruning


@app.task(name=postage.TASK, queue="mail")
def send() -> None:
    """Send for a while, then give the place to other jobs and go on in a new one."""
    close_old_connections()
    if postage.deliver():
        postage.wake()


@live.every(seconds=5)
def sweep() -> None:
    """Registered in every worker and live process; only one of them sweeps at a time."""
    postage.sweep()


@live.every(seconds=3600)
def forget() -> None:
    """What nobody looks for any more would fill the tables."""
    pruning.prune()
