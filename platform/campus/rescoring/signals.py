"""What other apps may want to hear about rescorings."""

from django.dispatch import Signal

# A case of a cohort goes by another version from now on, within the transaction that switches to it. ``case``.
switched = Signal()
