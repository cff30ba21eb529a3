"""Why something can't be handed in, in words for the person who tried; what holds for every step is in submissions."""

from collections.abc import Mapping
from datetime import date

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campus.submissions.refusals import KeyReused, NotChosen, NoTeam, NotOpenYet, Refused, StorageFull

__all__ = [
    "ChangedElsewhere",
    "FileRefused",
    "HandedInAlready",
    "Incomplete",
    "KeyReused",
    "NoTeam",
    "NotChosen",
    "NotJudged",
    "NotOpenYet",
    "NothingToShow",
    "Over",
    "Refused",
    "StorageFull",
    "TooLarge",
    "TooLong",
]


class FileRefused(Refused):
    code = "file_refused"
    status = 422


class Incomplete(Refused):
    """Something is missing or wrong. ``errors``: words by field (text, ai_use, links)."""

    code = "incomplete"
    status = 422

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__(" ".join(self.errors.values()))


class HandedInAlready(Refused):
    code = "handed_in_already"

    def __init__(self) -> None:
        super().__init__(
            _(
                "The deadline has passed, and the work you handed in on time is being judged, so it can no longer be "
                "replaced. If you need more time, please ask the organiser for an extension."
            )
        )


class Over(Refused):
    code = "cohort_over"

    def __init__(self, last_day: date) -> None:
        day = date_format(last_day, "DATE_FORMAT")
        super().__init__(_("The cohort ended on %(day)s, so nothing more can be handed in.") % {"day": day})


class ChangedElsewhere(Refused):
    code = "changed_elsewhere"
    is_of_pages = True

    def __init__(self) -> None:
        super().__init__(
            _("This draft was changed in another window or on another device. Reload the page to continue.")
        )


class NotJudged(Refused):
    code = "step_not_judged"

    def __init__(self) -> None:
        super().__init__(_("This step doesn’t accept texts or files."))


class NothingToShow(Refused):
    code = "nothing_to_show"
    is_of_pages = True

    def __init__(self) -> None:
        super().__init__(_("There is nothing to show yet. Hand in first."))


class TooLong(Refused):
    code = "too_long"
    is_of_pages = True
    status = 422

    def __init__(self) -> None:
        super().__init__(_("This is too long to be saved. Hand in long texts as a PDF."))


class TooLarge(Refused):
    code = "too_large"
    is_of_pages = True
    status = 413

    def __init__(self, limit: int) -> None:
        words = _("The files are too large to be sent at once: at most %(size)s together. Nothing of them was saved.")
        super().__init__(words % {"size": filesizeformat(limit)})
