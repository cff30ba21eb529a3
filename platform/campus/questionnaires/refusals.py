"""Why answers can be refused, in words for the person who gave them."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from campus.questionnaires.answer_form import AnswerForm


class Refused(Exception):
    """What can't be granted; ``str()`` says why and what to do, in the language of the page."""


class NotOpen(Refused):
    """The form has no published version, opens later, or its deadline has passed."""

    def __init__(self) -> None:
        super().__init__(
            _("This form is not taking answers now. Please ask the organiser if you still need to answer.")
        )


class Final(Refused):
    """What was submitted can't be changed."""

    def __init__(self) -> None:
        super().__init__(_("You have already submitted this form, and its answers can’t be changed."))


class ChangedElsewhere(Refused):
    """Another open page of the form has saved other answers since this one was opened.

    stamp: of what was saved there; who sends it back wants to put the own answers in its place.
    """

    def __init__(self, stamp: str) -> None:
        self.stamp = stamp
        super().__init__(_("This form was changed in another window or on another device after you opened it here."))


class TooLong(Refused):
    """More was typed than a form can hold."""

    def __init__(self) -> None:
        super().__init__(_("Your answers are too long to be saved. Please shorten the longest one."))


class FileRefused(Refused):
    """A file of a kind or size that isn't taken; the text says which."""


class Incomplete(Refused):
    """Something is missing or wrong; ``form`` shows what was typed with its errors."""

    def __init__(self, form: "AnswerForm") -> None:
        self.form = form
        super().__init__(_("Please check what you entered."))


class NotPublishable(Refused):
    """A draft that can't be published; ``problems`` say what to mend."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(_("The form can’t be published yet."))
