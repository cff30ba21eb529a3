"""The form by which a deliverable is prepared and handed in."""

import secrets
import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.deliverables.files import ACCEPTED, LARGEST, MEGABYTE, MOST_FILES
from campus.deliverables.links import MOST_LINKS, as_typed
from campus.deliverables.models import Deliverable, Draft
from campus.ui.fields import FilesField

PAGE_KEY_LENGTH = 32
# Of the page itself, not of what is handed in: its key, and what it last heard of the draft.
PAGE, SEEN, REMOVE = "_page", "_seen", "_remove"


class HandInForm(forms.Form):
    """What is typed is taken as it is; what is missing or wrong, the action says."""

    use_required_attribute = False
    text = forms.CharField(
        label=pgettext_lazy("deliverable", "Text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_(
            "Write here, or add a file that contains everything. Markdown: # headings, **bold**, lists with -, tables "
            "with |, formulas between $."
        ),
    )
    uploads = FilesField(
        accept=ACCEPTED,
        label=_("Add files"),
        required=False,
        help_text=format_lazy(
            _(
                "PDFs (slides, reports), notebooks, CSV tables or pictures: up to {count} files of at most {size} MB "
                "each. A file with the same name replaces the earlier one."
            ),
            count=MOST_FILES,
            size=LARGEST // MEGABYTE,
        ),
    )
    links = forms.CharField(
        label=_("Links"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=format_lazy(
            _(
                "Up to {count}, one per line: the address (https://…), then a space and what it is. Reviewers can see "
                "the addresses, so choose ones that don’t show your name."
            ),
            count=MOST_LINKS,
        ),
    )
    ai_use = forms.CharField(
        label=_("How you used generative AI"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "You are free to use it. Say which tools you used for what, and how you checked what they gave you. If "
            "you used none, say so."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sent: Mapping[str, Any] = self.data
        self.page_key = str(sent.get(PAGE, ""))[:PAGE_KEY_LENGTH] or secrets.token_hex(PAGE_KEY_LENGTH // 2)
        self.request_key = sent.get("request_key") or uuid.uuid4()

    @classmethod
    def as_sent(cls, post: Mapping[str, Any]) -> "HandInForm":
        """What came in, as it is: nothing is said to be wrong with it yet."""
        form = cls(post)
        form.show_faults({})
        return form

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Say what is wrong beside each field, and nothing else."""
        self.full_clean()
        self.errors.clear()
        for name, fault in faults.items():
            self.add_error(name, fault)


def form_of(draft: Draft | None, current: Deliverable | None) -> HandInForm:
    """The form with what was prepared; else with what was handed in last, to begin the next version with."""
    if draft:
        return HandInForm(initial={"text": draft.text, "links": draft.links, "ai_use": draft.ai_use})
    if current:
        links = as_typed(current.links.all())
        return HandInForm(initial={"text": current.text, "links": links, "ai_use": current.ai_use})
    return HandInForm()
