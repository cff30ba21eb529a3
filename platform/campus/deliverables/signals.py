"""What other apps may want to hear about deliverables."""

from django.dispatch import Signal

# Something was handed in, within the transaction that recorded it. ``deliverable``: the new version, which is current.
handed_in = Signal()
