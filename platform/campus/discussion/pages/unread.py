"""What is unread, over all cohorts: threads one follows or is mentioned in, or everything new."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from campus.discussion import queries, reading
from campus.discussion.models import Rhythm
from campus.discussion.summaries import choose_rhythm, rhythm_of
from campus.people.models import Person
from campus.ui.pagination import page_of

# So many are taken off the list at once; who has more reads on from a list that is still long.
AT_ONCE = 1_000


@require_GET
@login_required
def unread(request: HttpRequest) -> HttpResponse:
    person = request.user
    assert isinstance(person, Person)  # noqa: S101 - login_required has seen to it
    everything = request.GET.get("only") == "all"
    threads = queries.new_threads(person) if everything else queries.unread_threads(person)
    page = page_of(request, threads.order_by("-last_post_at", "-pk"), per_page=queries.THREADS_ON_PAGE)
    page = queries.lines_on(page, reader=person, with_authors=False)
    summary = {"rhythm": rhythm_of(person), "rhythms": Rhythm.choices}
    return render(request, "discussion/unread.html", {"page": page, "everything": everything, **summary})


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
    """Take everything that the list shows off it."""
    person = request.user
    assert isinstance(person, Person)  # noqa: S101 - login_required has seen to it
    everything = request.POST.get("only") == "all"
    threads = queries.new_threads(person) if everything else queries.unread_threads(person)
    found = list(threads.order_by("-last_post_at").values_list("pk", flat=True)[:AT_ONCE])
    reading.mark_all_read(person=person, threads=found)
    text = ngettext("%(count)d thread was marked as read.", "%(count)d threads were marked as read.", len(found))
    messages.success(request, text % {"count": len(found)})
    return redirect("unread")
