"""Why something is not done: said to the reader in words, nothing typed is lost."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class Refused(ValidationError):
    """What the mentor wanted is not possible now; the message says what to do."""


def too_many_open(most: int) -> Refused:
    words = ngettext(
        "You have %(n)d review open, as many as you take at once. Release one or give one back first.",
        "You have %(n)d reviews open, as many as you take at once. Release one or give one back first.",
        most,
    )
    return Refused(words % {"n": most})


def released_already() -> Refused:
    return Refused(_("This review has been released, so its marks no longer change. You can still add comments."))


def taken() -> Refused:
    return Refused(_("Another mentor is reviewing this work. Choose the next one in the queue."))
