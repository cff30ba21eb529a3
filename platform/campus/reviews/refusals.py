"""Why something can't be done with a review now, in words for whoever tried."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def is_closed() -> ValidationError:
    return ValidationError(
        _("The deadline for reviews has passed, so this review can’t be handed in. What you typed is kept.")
    )


def not_open_yet() -> ValidationError:
    return ValidationError(_("Reviewing has not begun yet."))


def has_ended() -> ValidationError:
    return ValidationError(
        _("This review has gone to somebody else. What you typed is kept, but it can’t be handed in any more.")
    )


def is_given() -> ValidationError:
    return ValidationError(_("This review has been handed in already and can’t be changed."))


def practice_first() -> ValidationError:
    return ValidationError(_("Practise on the samples first."))


def own_reviews_first() -> ValidationError:
    return ValidationError(_("Hand in your own reviews first; then you see those that you received."))


def answered() -> ValidationError:
    return ValidationError(_("You have answered this review already. Each review can be answered once."))


def asked_already() -> ValidationError:
    return ValidationError(_("You have already asked for re-evaluation of this work."))


def nothing_to_appeal() -> ValidationError:
    return ValidationError(_("There is no review yet that could be looked at again."))


def decided() -> ValidationError:
    return ValidationError(_("This request has been decided already."))


def conflict() -> ValidationError:
    return ValidationError(_("You have a conflict of interest with this work. Somebody else has to decide."))


def rubric_decided() -> ValidationError:
    return ValidationError(
        _("Somebody else has changed or decided this draft meanwhile. Look at the effect again, then decide.")
    )


def numbers_changed() -> ValidationError:
    return ValidationError(_("Somebody else has changed these numbers meanwhile. Look at the effect again, then save."))
