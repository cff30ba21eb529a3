"""Why something with badges can't be done, in words for the organiser."""

from django.utils.translation import gettext as _


class BadgeRefused(Exception):
    """``str()`` says why and what to do, in the language of the page."""


class NobodyGetsIt(BadgeRefused):
    def __init__(self) -> None:
        super().__init__(_("Nobody gets this badge at the moment. The list says why."))


class NothingToReplace(BadgeRefused):
    def __init__(self) -> None:
        super().__init__(_("Every badge in force is as it would be issued now. There is nothing to issue anew."))


class StillRunning(BadgeRefused):
    def __init__(self) -> None:
        super().__init__(_("This badge is being issued already. Please wait until that has ended."))


class TooMany(BadgeRefused):
    def __init__(self, most: int) -> None:
        super().__init__(_("At most %(most)s people can be given a badge at once.") % {"most": f"{most:,}"})


class NotInForce(BadgeRefused):
    def __init__(self) -> None:
        super().__init__(_("This badge was revoked, or its holder has left. It can't be changed any more."))


class CannotBeSigned(BadgeRefused):
    def __init__(self) -> None:
        super().__init__(
            _("The name holds characters that can't be signed. Please have it corrected in the profile, and try again.")
        )
