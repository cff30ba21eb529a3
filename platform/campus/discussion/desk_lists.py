"""What waits for those who keep order, as lists on the desk: flagged posts, and questions without an answer."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from campus.cohorts.access import MemberRequest
from campus.cohorts.models import Cohort
from campus.discussion.helping import SHOW_AFTER, unanswered_for
from campus.discussion.models import Flag, FlagReason, Post, Thread
from campus.discussion.moderation import flagged_for
from campus.discussion.names import with_shown_names
from campus.discussion.queries import THREADS_ON_PAGE
from campus.discussion.words import name_of
from campus.people.models import Person
from campus.ui.columns import moment_column
from campus.ui.lists import Column, Filter, Listing


def _name(field: str, cohort: Cohort) -> Subquery:
    """Under which name the person in that field appears in the cohort's discussion."""
    person = Person.objects.filter(pk=OuterRef(field))
    return Subquery(with_shown_names(person, cohort.pk).values("shown_name")[:1])


class FlagFilter(Filter):
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("All")), *FlagReason.choices])
    words = forms.CharField(label=_("Thread or author"), max_length=100)

    def narrow(self, rows: QuerySet[Post]) -> QuerySet[Post]:
        reason, words = self.cleaned_data["reason"], self.cleaned_data["words"]
        rows = rows.filter(pk__in=Flag.objects.waiting().filter(reason=reason).values("post")) if reason else rows
        return rows.filter(Q(thread__title__icontains=words) | Q(written_by__icontains=words)) if words else rows


def flags_listed(request: MemberRequest, cohort: Cohort) -> Listing:
    """Posts that readers want looked at, each with all of its flags; what waits longest comes first."""
    flags = Flag.objects.waiting().annotate(flagged_by=_name("person", cohort)).order_by("created_at", "pk")
    rows = flagged_for(request.user, cohort).annotate(
        written_by=_name("author", cohort), flagged_at=Min("flags__created_at", filter=Q(flags__settled_at=None))
    )
    columns = [
        Column("post", pgettext_lazy("flag", "Post"), lambda post: f"{post.thread.title} #{post.number}"),
        Column("author", _("Written by"), lambda post: post.written_by),
        Column("text", pgettext_lazy("post", "Text"), lambda post: "" if post.deleted_at else post.text),
        Column("reason", _("Reason"), lambda post: _lines(flag.get_reason_display() for flag in post.waiting_flags)),
        Column(
            "note", _("What the moderators should know"), lambda post: _lines(one.note for one in post.waiting_flags)
        ),
        Column("by", _("Flagged by"), lambda post: _lines(flag.flagged_by for flag in post.waiting_flags)),
        Column("at", _("Flagged on"), lambda post: post.flagged_at),
    ]
    return Listing(
        request,
        rows.select_related("thread__place__cohort").prefetch_related(
            Prefetch("flags", queryset=flags, to_attr="waiting_flags")
        ),
        columns=columns,
        name=f"flagged-posts-{cohort.slug}",
        order=["flagged_at", "pk"],
        filters=FlagFilter(request.GET),
        per_page=THREADS_ON_PAGE,
    )


def _lines(words: Iterable[str]) -> str:
    """One line for each flag, in the order of the flags; empty where none says anything."""
    return "\n".join(words).rstrip("\n")


def _long_waiting() -> str:
    hours = int(SHOW_AFTER / timedelta(hours=1))
    words = ngettext("Waiting for %(hours)s hour or longer", "Waiting for %(hours)s hours or longer", hours)
    return words % {"hours": hours}


class QuestionFilter(Filter):
    """By how long a question has waited, and by words."""

    all = forms.ChoiceField(label=_("Which questions"))
    words = forms.CharField(label=_("Question or author"), max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _long_waiting()), ("1", pgettext_lazy("threads", "All"))]
        self.fields["all"].choices = choices  # type: ignore[attr-defined]

    def narrow(self, rows: QuerySet[Thread]) -> QuerySet[Thread]:
        words = self.cleaned_data["words"]
        if not self.cleaned_data["all"]:
            rows = rows.filter(created_at__lte=timezone.now() - SHOW_AFTER)
        return rows.filter(Q(title__icontains=words) | Q(asker__icontains=words)) if words else rows


def questions_listed(request: MemberRequest, cohort: Cohort) -> Listing:
    """Questions that nobody has answered, the longest waiting first."""
    rows = unanswered_for(request.user, cohort, now=timezone.now(), after=timedelta(0))
    return Listing(
        request,
        rows.annotate(asker=_name("author", cohort)),
        columns=QUESTION_COLUMNS,
        name=f"unanswered-{cohort.slug}",
        order=["created_at", "pk"],
        filters=QuestionFilter(request.GET),
        per_page=THREADS_ON_PAGE,
    )


def _linked(thread: Thread) -> str:
    return format_html('<a href="{}">{}</a>', thread.path, thread.title)


def _offered(thread: Any) -> str:
    words = ngettext("offered to %(count)s person", "offered to %(count)s people", thread.asked)
    return words % {"count": thread.asked} if thread.asked else gettext("offered to nobody yet")


QUESTION_COLUMNS = [
    Column("title", pgettext_lazy("thread", "Question"), lambda one: one.title, cell=_linked),
    Column("place", pgettext_lazy("thread", "Where"), lambda one: name_of(one.place)),
    Column("asker", pgettext_lazy("thread", "Asked by"), lambda one: one.asker, sort="asker"),
    moment_column("at", pgettext_lazy("thread", "Asked on"), lambda one: one.created_at, sort="created_at"),
    Column("offered", _("Offered to (people)"), lambda one: one.asked, cell=_offered, sort="asked"),
]
