"""Short and long texts."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from campus.questionnaires.kinds.base import Answer, Kind, help_with
from campus.questionnaires.models import Question
from campus.ui.exports import Cell

TOO_SHORT = ngettext_lazy(
    "Write at least %(limit_value)d character; you have written %(show_value)d.",
    "Write at least %(limit_value)d characters; you have written %(show_value)d.",
    "limit_value",
)
TOO_LONG = ngettext_lazy(
    "Write at most %(limit_value)d character; you have written %(show_value)d.",
    "Write at most %(limit_value)d characters; you have written %(show_value)d.",
    "limit_value",
)


class Prose(forms.CharField):
    """A text whose line ends count once. Without ``maxlength``: browsers would silently cut what is pasted."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for validator in self.validators:
            if isinstance(validator, MinLengthValidator):
                validator.message = TOO_SHORT
            elif isinstance(validator, MaxLengthValidator):
                validator.message = TOO_LONG

    def to_python(self, value: Any) -> Any:
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


def _limits(question: Question) -> str:
    """How long the text may be, said before anybody writes it."""
    least, most = int(question.minimum or 0), int(question.maximum or 0)
    if least and most:
        return _("From %(least)d to %(most)d characters.") % {"least": least, "most": most}
    if most:
        return ngettext("Up to %(count)d character.", "Up to %(count)d characters.", most) % {"count": most}
    if least:
        return ngettext("At least %(count)d character.", "At least %(count)d characters.", least) % {"count": least}
    return ""


class Text(Kind):
    """A text of one line or of several."""

    def __init__(self, *, longest: int, widget: type[forms.Textarea] | type[forms.TextInput]) -> None:
        self.longest = longest
        self.widget = widget

    def fields(self, question: Question) -> dict[str, forms.Field]:
        field = Prose(
            label=question.label,
            help_text=help_with(question, _limits(question)),
            required=question.is_required,
            min_length=int(question.minimum) if question.minimum else None,
            max_length=int(question.maximum or self.longest),
            widget=self.widget(attrs={"autocomplete": "off"} | ({"rows": 5} if self.widget is forms.Textarea else {})),
        )
        return {"": field}

    def read(self, question: Question, cleaned: dict[str, Any]) -> Answer:
        return cleaned[""] or None

    def text(self, question: Question, answer: Answer) -> Cell:
        return answer if isinstance(answer, str) else None
