"""What happens elsewhere and moves the queue: a hand-in."""

from typing import Any

from django.dispatch import receiver

from campus.deliverables.models import Deliverable
from campus.deliverables.signals import handed_in
from campus.mentoring.streams import say_queue_moved


@receiver(handed_in, dispatch_uid="mentoring.handed_in")
def tell_queue(deliverable: Deliverable, **_signal: Any) -> None:
    """A new work, or a new version, may wait for a mentor."""
    say_queue_moved(deliverable)
