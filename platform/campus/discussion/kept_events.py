"""Events of the last weeks are kept for pages that come back; what leaves sight goes from them too."""

from collections.abc import Collection

from campus.discussion.models import Thread
from campus.live.models import Event

# Kinds of a thread's events that carry what a post says.
TELL_TEXT = ("post", "edited", "shown")


def take_texts_out(thread: Thread, numbers: Collection[int]) -> None:
    """Leave of these posts that they were there; call it with what tells open pages that they are gone."""
    events = Event.objects.filter(stream__key=thread.stream, kind__in=TELL_TEXT, payload__number__in=list(numbers))
    for event in events:
        emptied = {"html": "", "attachments": [], "mentions": []}
        payload = event.payload | {name: value for name, value in emptied.items() if name in event.payload}
        Event.objects.filter(stream=event.stream_id, seq=event.seq).update(payload=payload)
