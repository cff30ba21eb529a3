"""Short and long texts."""

from typing import Any

from django import forms
from django.utils.translation import ngettext

from campus.questionnaires.kinds.base import Answer, Kind
from campus.questionnaires.models import Question
from campus.ui.exports import Cell


class Prose(forms.CharField):
    """A text whose line ends count once. Without ``maxlength``: browsers would silently cut what is pasted."""

    def to_python(self, value: Any) -> Any:
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class Text(Kind):
    """A text of one line or of several."""

    def __init__(self, *, longest: int, widget: type[forms.Textarea] | type[forms.TextInput]) -> None:
        self.longest = longest
        self.widget = widget

    def fields(self, question: Question) -> dict[str, forms.Field]:
        longest = int(question.maximum or self.longest)
        help_text = question.help
        if question.maximum:
            limit = ngettext("Up to %(count)d character.", "Up to %(count)d characters.", longest)
            help_text = f"{help_text} {limit % {'count': longest}}".strip()
        field = Prose(
            label=question.label,
            help_text=help_text,
            required=question.is_required,
            min_length=int(question.minimum) if question.minimum else None,
            max_length=longest,
            widget=self.widget(attrs={"autocomplete": "off"} | ({"rows": 5} if self.widget is forms.Textarea else {})),
        )
        return {"": field}

    def read(self, question: Question, cleaned: dict[str, Any]) -> Answer:
        return cleaned[""] or None

    def text(self, question: Question, answer: Answer) -> Cell:
        return answer if isinstance(answer, str) else None
