"""Why something with badges can't be done, in words for the organiser."""

from django.utils.translation import gettext as _


class BadgeRefused(Exception):
    """``str()`` says why and what to do, in the language of the page."""


class NobodyGetsIt(BadgeRefused):
    def __init__(self) -> None:
        super().__init__(_("Nobody can get this badge at the moment. The list shows why."))


class NothingToReplace(BadgeRefused):
    def __init__(self) -> None:
        super().__init__(_("All badges in force are up to date. There is nothing to reissue."))


class StillRunning(BadgeRefused):
    def __init__(self) -> None:
        super().__init__(_("This badge is already being issued. Please wait until that has finished."))


class TooMany(BadgeRefused):
    def __init__(self, most: int) -> None:
        super().__init__(_("You can give a badge to at most %(most)s people at once.") % {"most": f"{most:,}"})


class NotInForce(BadgeRefused):
    def __init__(self) -> None:
        super().__init__(_("This badge was revoked, or its holder has left. It can no longer be changed."))


class CannotBeSigned(BadgeRefused):
    def __init__(self) -> None:
        super().__init__(
            _(
                "The name contains characters that can’t be signed. Ask for it to be corrected in the profile, then "
                "try again."
            )
        )
