"""Why something in intake can't be done, in words for the person who tried."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from campus.intake.models import Application


class Refused(Exception):
    """A request that can't be granted; ``str()`` says why and what to do, in the language of the page."""


class NotOpen(Refused):
    def __init__(self) -> None:
        super().__init__(_("Applications are not being accepted now."))


class AlreadyIn(Refused):
    def __init__(self) -> None:
        super().__init__(_("You are in this cohort already, so you don’t need to apply."))


class AskOrganiser(Refused):
    def __init__(self) -> None:
        super().__init__(_("You left this cohort before. To come back, please ask the organiser."))


class CannotWithdraw(Refused):
    def __init__(self) -> None:
        super().__init__(_("You are already taking part in the cohort. To leave it, go to “Your part in the cohort”."))


class ChangedMeanwhile(Refused):
    """Somebody else decided since the page was made; ``applications`` are as they are now."""

    def __init__(self, applications: "Sequence[Application]" = ()) -> None:
        self.applications = applications
        super().__init__(
            _("Somebody else changed this in the meantime, so nothing was saved. Please look again and decide.")
        )


class PlaceWasTold(Refused):
    def __init__(self) -> None:
        super().__init__(
            _(
                "This person has been told of their place or has withdrawn, so the decision can’t be changed here any "
                "more."
            )
        )


class NoPlaceLeft(Refused):
    def __init__(self) -> None:
        super().__init__(_("There are not that many places left. Raise the number of places first."))


class AskedTooOften(Refused):
    def __init__(self) -> None:
        super().__init__(_("The email was sent a moment ago. Please check your mailbox, including the spam folder."))


class NotYoursToChange(Refused):
    def __init__(self) -> None:
        super().__init__(
            _("This person has signed in before or is known in another cohort: they change their address themselves.")
        )


class AddressIsTaken(Refused):
    def __init__(self) -> None:
        super().__init__(_("Somebody else has an account with this address."))
