"""What moderators fill in to split a thread or to merge it into another."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from campus.discussion.actions import Heading
from campus.discussion.fields import PlaceField, TopicField, offer
from campus.discussion.models import LONGEST_TITLE, Place, Post, Thread, ThreadKind
from campus.discussion.names import Speaker
from campus.discussion.plain import plain_text
from campus.discussion.queries import whole_threads
from campus.people.models import Person

_BEGINNING = 100  # characters of a post, to know it by
_NUMBER = re.compile(r"(?:.*/threads/)?(\d{1,18})(?:/.*)?", re.DOTALL)


class SplitForm(forms.Form):
    """Which posts of a page go, and the new thread's heading. ``last`` is the number of the page's last post."""

    posts = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("split", "Posts to move"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    rest = forms.BooleanField(label=_("Also all posts on later pages"), required=False)
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    kind = forms.ChoiceField(label=_("What it is"), choices=ThreadKind, widget=forms.RadioSelect)
    place = PlaceField(label=_("Where"))
    topic = TopicField(label=_("Topic"))

    def __init__(
        self,
        *args: Any,
        thread: Thread,
        posts: Sequence[Post],
        speakers: Mapping[int, Speaker],
        places: Sequence[Place],
        has_later: bool,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {"kind": thread.kind, "topic": thread.topic_id} | kwargs.get("initial", {})
        kwargs["initial"].setdefault("place", thread.place_id)
        super().__init__(*args, **kwargs)
        self.last = posts[-1].number if posts else 0
        choices = [(one.number, _known_by(one, speakers[one.author_id])) for one in posts if one.number > 1]
        self.fields["posts"].choices = choices  # type: ignore[attr-defined]
        if not has_later:
            del self.fields["rest"]
        offer(self, places=[thread.place, *places], cohort=thread.cohort)

    def heading(self) -> Heading:
        data = self.cleaned_data
        return Heading(title=data["title"], kind=ThreadKind(data["kind"]), topic=data.get("topic"))


def _known_by(post: Post, speaker: Speaker) -> str:
    text = pgettext("post", "(deleted)") if post.deleted_at else Truncator(plain_text(post)).chars(_BEGINNING)
    return f"#{post.number} {speaker.name}: {text}"


class MergeForm(forms.Form):
    """Into which thread; ``into`` becomes a thread of the cohort where the person keeps order."""

    into = forms.CharField(
        label=_("Address of the other thread"),
        max_length=300,
        help_text=_("Open the thread you want to merge this one into, copy its address and paste it here."),
    )

    def __init__(self, *args: Any, thread: Thread, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._thread, self._person = thread, person

    def clean_into(self) -> Thread:
        match = _NUMBER.fullmatch(self.cleaned_data["into"].strip())
        threads = whole_threads().filter(place__cohort=self._thread.place.cohort_id, hidden_at=None)
        found = threads.filter(pk=match[1]).first() if match else None
        if found is None or not self._person.has_perm("discussion.moderate_thread", found):
            raise ValidationError(_("There is no such thread that you moderate in this cohort."))
        if found.pk == self._thread.pk:
            raise ValidationError(_("This is the same thread. Choose another one."))
        return found
