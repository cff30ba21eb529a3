"""Why something can't be done with a review now, in words for whoever tried."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def is_closed() -> ValidationError:
    return ValidationError(
        _("The deadline for reviews has passed, so this review can’t be handed in. What you typed is kept.")
    )


def not_open_yet() -> ValidationError:
    return ValidationError(_("Reviews haven’t begun yet."))


def has_ended() -> ValidationError:
    return ValidationError(
        _("This review has gone to somebody else. What you typed is kept, but it can no longer be handed in.")
    )


def is_given() -> ValidationError:
    return ValidationError(_("This review has already been handed in and can’t be changed."))


def practice_first() -> ValidationError:
    return ValidationError(_("Practise on the samples first."))


def own_reviews_first() -> ValidationError:
    return ValidationError(_("Hand in all your own reviews first. Then you can read the ones you received."))


def answered() -> ValidationError:
    return ValidationError(_("You have already answered this review. Each review can be answered once."))


def asked_already() -> ValidationError:
    return ValidationError(_("A re-evaluation of this work has already been requested."))


def nothing_to_appeal() -> ValidationError:
    return ValidationError(_("There is no review yet to re-evaluate."))


def decided() -> ValidationError:
    return ValidationError(_("This request has already been decided."))


def conflict() -> ValidationError:
    return ValidationError(_("You have a conflict of interest with this work. Somebody else has to decide."))


def rubric_decided() -> ValidationError:
    return ValidationError(
        _(
            "Somebody else has changed this draft or decided on it in the meantime. Preview the changes again, then "
            "decide."
        )
    )


def numbers_changed() -> ValidationError:
    return ValidationError(
        _("Somebody else has changed these settings in the meantime. Preview the changes again, then save.")
    )
