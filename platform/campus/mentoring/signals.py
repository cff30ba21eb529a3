"""What other apps may want to hear about mentors."""

from django.dispatch import Signal

# A conflict of interest was declared, within the transaction. ``mentor``: her enrolment. ``actor``: who declared it.
conflict_declared = Signal()
