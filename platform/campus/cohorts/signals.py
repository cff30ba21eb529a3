"""What other apps may want to hear about enrolments."""

from django.dispatch import Signal

# Somebody stopped taking part, or is no longer a learner; within the transaction. ``enrolments``: read with their
# person and cohort. ``actor``: who did it.
left = Signal()
