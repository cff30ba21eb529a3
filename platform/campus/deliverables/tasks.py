"""Background jobs of deliverables: each fetches by id and calls one function."""

from django.db import close_old_connections
from procrastinate.contrib.django import app

from campus.deliverables import showing

# A queue of its own: drawing a hostile file takes as long as it is allowed to, and no grading waits behind it.
QUEUE = "pages"


@app.task(name="deliverables.show", queue=QUEUE)
def show(file_id: int) -> None:
    """Make what is shown of a file."""
    # A worker lives for weeks: it must not use a connection that the database closed meanwhile.
    close_old_connections()
    showing.make(file_id)
