"""What other apps may want to hear about a cohort's steps."""

from django.dispatch import Signal

# Deadlines were moved, within the transaction that moved them. ``steps``: the steps (read ``with_case``).
# ``extensions``: None when the steps themselves moved, so that everybody's work has to be looked at again; else the
# extensions that were granted or withdrawn, so that only their owners' has.
deadlines_moved = Signal()
