"""What is unread, over all cohorts: threads one follows or is mentioned in, or everything new."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from campus.discussion import queries, reading
from campus.discussion.models import Rhythm, Thread
from campus.discussion.summaries import choose_rhythm, rhythm_of
from campus.people.models import Person
from campus.ui.pagination import page_of


@require_GET
@login_required
def unread(request: HttpRequest) -> HttpResponse:
    person = request.user
    assert isinstance(person, Person)  # noqa: S101 - login_required has seen to it
    everything = request.GET.get("only") == "all"
    threads = _waiting(person, everything=everything, most=queries.MOST_NEW)
    page = page_of(request, threads, per_page=queries.THREADS_ON_PAGE)
    context = {
        "page": queries.lines_on(page, reader=person, with_authors=False),
        "everything": everything,
        "is_cut": len(threads) == queries.MOST_NEW,
        "most": queries.MOST_NEW,
        "rhythm": rhythm_of(person),
        "rhythms": Rhythm.choices,
    }
    return render(request, "discussion/unread.html", context)


def _waiting(person: Person, *, everything: bool, most: int) -> list[Thread]:
    """The newest of what waits for the person, or of everything new."""
    if everything:
        return queries.new_threads(person, most=most)
    return list(queries.unread_threads(person).order_by("-last_post_at", "-pk")[:most])


@require_POST
@login_required
def choose_summary(request: HttpRequest) -> HttpResponse:
    """Keep how often the person wants a summary by mail."""
    person = request.user
    assert isinstance(person, Person)  # noqa: S101 - login_required has seen to it
    if request.POST.get("rhythm") in Rhythm.values:
        choose_rhythm(person=person, rhythm=Rhythm(request.POST["rhythm"]))
        messages.success(request, _("Your choice was saved."))
    return redirect("unread")


@require_POST
@login_required
def mark_all(request: HttpRequest) -> HttpResponse:
    """Take everything off the list, also what is too long ago to be shown on it."""
    person = request.user
    assert isinstance(person, Person)  # noqa: S101 - login_required has seen to it
    everything = request.POST.get("only") == "all"
    found = _waiting(person, everything=everything, most=queries.LOOKED_THROUGH)
    reading.mark_all_read(person=person, threads=[thread.pk for thread in found])
    text = ngettext("%(count)d thread was marked as read.", "%(count)d threads were marked as read.", len(found))
    messages.success(request, text % {"count": len(found)})
    return redirect(f"{reverse('unread')}?only=all" if everything else "unread")
