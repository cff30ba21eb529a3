"""Forms of the discussion: a post, a new thread, and what moderators fill in."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from campus.cohorts.models import Cohort
from campus.discussion.actions import Heading, Writing
from campus.discussion.fields import PlaceField, TopicField, offer
from campus.discussion.files import ACCEPTED, LARGEST_FILE, MOST_FILES, check_and_store
from campus.discussion.models import (
    LONGEST_POST,
    LONGEST_TITLE,
    FlagReason,
    Place,
    SavedSearch,
    ThreadKind,
    Topic,
)
from campus.discussion.search.grams import LONGEST_QUERY, terms_of
from campus.discussion.search.queries import Asked
from campus.ui.fields import FilesField

MARKDOWN_HELP = _(
    "Markdown: **bold**, lists with -, code between ``` lines, tables with |, formulas between $. Type @ and a name "
    "to notify that person."
)


class PostForm(forms.Form):
    """What one writes into a thread. Each form sent is written once: the key tells a repetition."""

    text = forms.CharField(
        label=pgettext_lazy("post", "Text"),
        max_length=LONGEST_POST,
        widget=forms.Textarea(attrs={"rows": 6, "data-writing": ""}),
        help_text=MARKDOWN_HELP,
    )
    attachments = FilesField(
        accept=ACCEPTED,
        label=pgettext_lazy("post", "Files"),
        required=False,
        help_text=format_lazy(
            _("Pictures, CSV, Excel, PDF or notebooks: up to {count} files of {size} MB each."),
            count=MOST_FILES,
            size=LARGEST_FILE // (1024 * 1024),
        ),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid.uuid4())

    def writing(self) -> Writing:
        """What was filled in, its files checked and stored; raises ValidationError for a file that isn't taken."""
        data = self.cleaned_data
        try:
            files = check_and_store(data["attachments"])
        except ValidationError as error:
            raise ValidationError({"attachments": error}) from error
        return Writing(text=data["text"], files=files, key=data["key"])

    def ask_for_files_again(self) -> None:
        """A page that is drawn anew has the text and all choices, but browsers keep no files."""
        if self.files:
            self.add_error("attachments", _("Please choose your files again: they can’t be kept on this page."))


class ThreadForm(PostForm):
    """A new thread in a place."""

    place = PlaceField(label=_("Where"))
    kind = forms.ChoiceField(
        label=_("What it is"), choices=ThreadKind, widget=forms.RadioSelect, initial=ThreadKind.QUESTION
    )
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    topic = TopicField(label=_("Topic"))
    field_order = ("place", "kind", "title", "topic", "text", "attachments")

    def __init__(self, *args: Any, cohort: Cohort, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, places=places, cohort=cohort, no_place=_("Choose"))

    def heading(self) -> Heading:
        data = self.cleaned_data
        return Heading(title=data["title"], kind=ThreadKind(data["kind"]), topic=data.get("topic"))


class SearchForm(forms.Form):
    """What is looked for in a cohort's discussion, and where."""

    q = forms.CharField(
        label=pgettext_lazy("search", "Words"),
        max_length=LONGEST_QUERY,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "enterkeyhint": "search"}),
        help_text=_("Finds posts that contain all the words. Put words that belong together in quotes: “order up to”."),
    )
    place = PlaceField(label=pgettext_lazy("search", "Where"), required=False)
    topic = TopicField(label=_("Topic"))
    author = forms.CharField(label=pgettext_lazy("post", "Written by"), max_length=60, required=False)
    accepted = forms.BooleanField(label=_("Only accepted answers"), required=False)

    def __init__(self, *args: Any, cohort: Cohort, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, places=places, cohort=cohort, no_place=pgettext("place", "Everywhere"))

    @property
    def is_narrowed(self) -> bool:
        """Whether more than words was given."""
        return any(self[name].value() for name in self.fields if name != "q")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not any(data.values()):
            raise ValidationError(_("Type a word to search for, or choose where to search."))
        return data

    def asked(self) -> Asked:
        data = self.cleaned_data
        return Asked(
            terms=terms_of(data["q"]),
            author=data["author"],
            place=data["place"],
            topic=data.get("topic"),
            accepted_only=data["accepted"],
        )


class SavedSearchForm(forms.ModelForm):
    """What a search is called that is kept; ``asked`` is the query of its address."""

    asked = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = SavedSearch
        fields = ["name", "in_summary"]

    def kept(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "in_summary")}


class EditForm(forms.Form):
    """Another text for a post."""

    text = forms.CharField(
        label=pgettext_lazy("post", "Text"),
        max_length=LONGEST_POST,
        widget=forms.Textarea(attrs={"rows": 10, "data-writing": ""}),
        help_text=MARKDOWN_HELP,
    )


class FlagForm(forms.Form):
    """Why a post should be looked at."""

    reason = forms.ChoiceField(label=_("Reason"), choices=FlagReason, widget=forms.RadioSelect)
    note = forms.CharField(label=_("What the moderators should know"), max_length=300, required=False)


class NameForm(forms.Form):
    """Under which name one appears, and whether while typing."""

    uses_alias = forms.BooleanField(label=_("Show my nickname instead of my name in the discussion"), required=False)
    shows_typing = forms.BooleanField(required=False)


class TopicForm(forms.ModelForm):
    """A topic of a cohort."""

    class Meta:
        model = Topic
        fields = ["title_ja", "title_en", "position"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].required = False

    def clean_position(self) -> int:
        return self.cleaned_data["position"] or 0

    def clean_title_ja(self) -> str:
        title: str = self.cleaned_data["title_ja"]
        same = Topic.objects.filter(cohort=self.instance.cohort_id, title_ja=title).exclude(pk=self.instance.pk)
        if same.exists():
            raise ValidationError(_("There is already a topic with this name."))
        return title


class MoveForm(forms.Form):
    """Where a thread is to go."""

    place = PlaceField(label=_("Move to"))

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(PlaceField, self.fields["place"]).offer(places)


class SuspendForm(forms.Form):
    """For how long somebody is not to post."""

    days = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=int,
        choices=[(1, _("One day")), (3, _("Three days")), (7, _("One week")), (3650, _("Until it is lifted"))],
    )

    @property
    def until(self) -> Any:
        return timezone.now() + timedelta(days=self.cleaned_data["days"])
