"""Why something is not done: said to the reader in words, nothing typed is lost."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class Refused(ValidationError):
    """What the mentor wanted is not possible now; the message says what to do."""


def too_many_open(most: int) -> Refused:
    words = ngettext(
        "You have %(n)d review open, which is your limit. Release it or give it up first.",
        "You have %(n)d reviews open, which is your limit. Release one or give one up first.",
        most,
    )
    return Refused(words % {"n": most})


def released_already() -> Refused:
    return Refused(
        _("This review has been released, so its marks can no longer be changed. You can still add comments.")
    )


def taken() -> Refused:
    return Refused(_("Another mentor is reviewing this work. Choose the next one in the queue."))
