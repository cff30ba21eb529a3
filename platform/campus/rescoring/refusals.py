"""Why a rescoring can't be begun or decided, in words for the organiser."""

from django.utils.translation import gettext as _


class RescoringRefused(Exception):
    """``str()`` says why and what to do, in the language of the page."""


class DoesNotFit(RescoringRefused):
    def __init__(self) -> None:
        super().__init__(
            _(
                "The kept submissions can’t be scored with this version: its data, columns, steps or rubric points "
                "differ. Install a version that changes only the scoring or the truth."
            )
        )


class AlreadyOpen(RescoringRefused):
    def __init__(self) -> None:
        super().__init__(_("Another rescoring of this case hasn’t been decided yet. Switch to it or discard it first."))


class NotReady(RescoringRefused):
    def __init__(self) -> None:
        super().__init__(_("This rescoring isn’t ready to be decided, or somebody else has just decided it."))


class StillMeasuring(RescoringRefused):
    def __init__(self) -> None:
        super().__init__(
            _("Many submissions have come in meanwhile and are being scored now. Please decide when that is done.")
        )


class CaseHasMoved(RescoringRefused):
    def __init__(self) -> None:
        super().__init__(
            _("The case has been moved to another version in the meantime. Discard this rescoring and start a new one.")
        )
