"""Why something is not done: said to the reader in words, nothing typed is lost."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campus.ui.moments import moment_in_words


class Refused(ValidationError):
    """What was wanted is not possible now; the message says what to do."""


def offered_already(moment: datetime) -> Refused:
    words = _("A time already offered overlaps with %(when)s. Choose another one, or withdraw that one first.")
    return Refused(words % {"when": moment_in_words(moment)})


def taken() -> Refused:
    return Refused(_("Somebody else has just booked this time, or it was withdrawn. Please choose another one."))


def begun() -> Refused:
    return Refused(_("This is no longer possible. The time has begun or was withdrawn."))


def just_booked() -> Refused:
    return Refused(_("Somebody has just booked this time. Please look at the booking before you move it."))


def busy_owner() -> Refused:
    return Refused(_("Those who booked have another consultation then. Please choose another time."))


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
        "You already have %(n)d consultation booked. To leave some for others, you can’t book more at once.",
        "You already have %(n)d consultations booked. To leave some for others, you can’t book more at once.",
        most,
    )
    return Refused(words % {"n": most})
