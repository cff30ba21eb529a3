"""Why something is not done: said to the reader in words, nothing typed is lost."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campus.ui.moments import moment_in_words


class Refused(ValidationError):
    """What was wanted is not possible now; the message says what to do."""


def offered_already(moment: datetime) -> Refused:
    words = _("You already offer a time that overlaps %(when)s. Choose another time, or withdraw that one first.")
    return Refused(words % {"when": moment_in_words(moment)})


def taken() -> Refused:
    return Refused(_("Somebody else has just booked this time, or it was withdrawn. Please choose another one."))


def too_late(hours: int) -> Refused:
    words = ngettext(
        "Consultations can be booked and cancelled until %(n)d hour before they begin. That has passed.",
        "Consultations can be booked and cancelled until %(n)d hours before they begin. That has passed.",
        hours,
    )
    return Refused(words % {"n": hours})


def busy_then() -> Refused:
    return Refused(_("You have another consultation at this time. Cancel that one first, or choose another time."))


def enough(most: int) -> Refused:
    words = ngettext(
        "You have %(n)d consultation ahead, as many as can be booked at once, so that everybody gets one.",
        "You have %(n)d consultations ahead, as many as can be booked at once, so that everybody gets one.",
        most,
    )
    return Refused(words % {"n": most})
