"""Why a rescoring can't be begun or decided, in words for the organiser."""

from django.utils.translation import gettext as _


class RescoringRefused(Exception):
    """``str()`` says why and what to do, in the language of the page."""


class DoesNotFit(RescoringRefused):
    def __init__(self) -> None:
        super().__init__(
            _(
                "The kept submissions can't be measured by this version: its data, its columns, its steps or the "
                "points of its rubric differ. Install a version that changes only the scoring or the truth."
            )
        )


class AlreadyOpen(RescoringRefused):
    def __init__(self) -> None:
        super().__init__(_("Another rescoring of this case is not decided yet. Switch to it or drop it first."))


class NotReady(RescoringRefused):
    def __init__(self) -> None:
        super().__init__(_("This rescoring is not ready to be decided, or somebody else has just decided it."))


class StillMeasuring(RescoringRefused):
    def __init__(self) -> None:
        super().__init__(
            _("Many submissions came meanwhile, and they are being measured now. Please decide again after that.")
        )


class CaseHasMoved(RescoringRefused):
    def __init__(self) -> None:
        super().__init__(
            _("The case was brought to another version meanwhile. Drop this rescoring and begin a new one.")
        )
