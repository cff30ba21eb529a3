"""Below the comments of a page: answers are kept as typed whatever button is pressed, and sent or settled by their own.

All buttons of a page belong to one form; ``do`` says which was pressed, for example ``answer-12``.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from campus.cohorts.access import MemberRequest
from campus.mentoring import actions
from campus.mentoring.forms import AnswerForm
from campus.mentoring.models import LONGEST_COMMENT, AnswerDraft, Comment, MentorReview
from campus.mentoring.queries import threads_of
from campus.people.models import Person

ANSWER, SETTLE, REOPEN = "answer", "settle", "reopen"


def with_answers(
    reviews: Iterable[MentorReview], person: Person, sent: QueryDict | None = None
) -> list[tuple[Comment, AnswerForm]]:
    """The threads, each with the form of an answer as typed last; what was to be sent says what is wrong with it."""
    drafts = AnswerDraft.objects.filter(thread=OuterRef("pk"), author=person)
    threads: QuerySet[Any] = threads_of(reviews).annotate(typed=Subquery(drafts.values("text")))
    wish = sent.get("do") if sent else None
    return [(one, _form(one, sent if wish == f"{ANSWER}-{one.pk}" else None, one.typed or "")) for one in threads]


def _form(thread: Comment, sent: QueryDict | None, typed: str = "") -> AnswerForm:
    return AnswerForm(sent, prefix=f"thread-{thread.pk}", initial={"text": typed})


def keep_answers(sent: QueryDict, threads: Iterable[Comment], person: Person) -> None:
    """Keep what stands in the fields below these threads; a page that was loaded before one of them has none for it."""
    names = {one: f"thread-{one.pk}-text" for one in threads}
    texts = {one: str(sent[name])[:LONGEST_COMMENT] for one, name in names.items() if name in sent}
    actions.keep_answers(texts=texts, author=person)


def asks_about_thread(sent: QueryDict) -> bool:
    return sent.get("do", "").partition("-")[0] in {ANSWER, SETTLE, REOPEN}


def answer_or_settle(request: MemberRequest, threads: Sequence[Comment]) -> HttpResponse | None:
    """Do what the button of a thread says; None where its answer can't be sent. 404 for a thread of another page."""
    what, _sign, number = request.POST["do"].partition("-")
    thread = next((one for one in threads if str(one.pk) == number), None)
    if thread is None or not request.user.has_perm("mentoring.answer", thread):
        raise Http404
    if what == ANSWER:
        form = _form(thread, request.POST)
        if not form.is_valid():
            return None
        actions.answer(thread=thread, text=form.cleaned_data["text"], author=request.user)
        messages.success(request, _("Your reply was added."))
    else:
        actions.resolve(thread=thread, is_resolved=what == SETTLE, actor=request.user)
    return redirect(f"{request.path}#thread-{thread.pk}")
