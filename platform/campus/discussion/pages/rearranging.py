"""Pages on which moderators split a thread, or merge it into another."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from campus.cohorts.access import MemberRequest
from campus.discussion.models import Post, Thread
from campus.discussion.names import speakers_in
from campus.discussion.pages.door import permitted, thread_page
from campus.discussion.places import own_places
from campus.discussion.queries import posts_on
from campus.discussion.rearranging import merge_threads, split_thread
from campus.discussion.rearranging_forms import MergeForm, SplitForm
from campus.discussion.search.similar import similar_threads
from campus.discussion.showing import pages_near
from campus.discussion.words import name_of


@require_http_methods(["GET", "POST"])
@thread_page
def split(request: MemberRequest, *, thread: Thread) -> HttpResponse:
    """Choose posts of a page of the thread, and what the new one is called and where it stands."""
    permitted(request, "discussion.moderate_thread", thread)
    pages = thread.page_of(max(1, thread.last_number))
    wanted = request.GET.get("page", "")
    number = min(pages, max(1, int(wanted))) if wanted.isdecimal() and len(wanted) < 9 else 1
    posts = posts_on(thread, number)
    form = SplitForm(
        request.POST or None,
        thread=thread,
        posts=posts,
        speakers=speakers_in(thread.place.cohort_id, [one.author_id for one in posts]),
        places=own_places(request.user, thread.cohort),
        has_later=number < pages,
        initial={"posts": [request.GET.get("post", "")]},
    )
    if request.method == "POST" and form.is_valid():
        try:
            new = split_thread(
                thread=thread,
                numbers=_chosen(thread, form),
                place=form.cleaned_data["place"],
                heading=form.heading(),
                actor=request.user,
            )
            messages.success(request, _("The posts are now in this new thread. A link in their old place leads here."))
            return redirect(new.path)
        except ValidationError as error:
            form.add_error(None, error)
    links = [(one, f"?page={one}") for one in pages_near(number, last=pages)] if pages > 1 else []
    context = {"cohort": thread.cohort, "thread": thread, "form": form, "number": number, "links": links}
    return render(request, "discussion/desk/split.html", context)


def _chosen(thread: Thread, form: SplitForm) -> list[int]:
    numbers: list[int] = form.cleaned_data["posts"]
    if form.cleaned_data.get("rest"):
        later = Post.objects.filter(thread=thread, number__gt=form.last)
        numbers = [*numbers, *later.values_list("number", flat=True)]
    return numbers


@require_http_methods(["GET", "POST"])
@thread_page
def merge(request: MemberRequest, *, thread: Thread) -> HttpResponse:
    """Find the other thread, look at what happens, and merge: it can't be taken back."""
    permitted(request, "discussion.moderate_thread", thread)
    asked = request.POST if request.method == "POST" else request.GET
    form = MergeForm(asked if "into" in asked else None, thread=thread, person=request.user)
    into = form.cleaned_data["into"] if form.is_bound and form.is_valid() else None
    if into and request.method == "POST":
        try:
            merge_threads(thread=thread, into=into, actor=request.user)
            messages.success(request, _("The threads were merged. Old links lead here."))
            return redirect(into.path)
        except ValidationError as error:
            form.add_error("into", error)
            into = None
    like = [one.thread for one in similar_threads(request.user, thread.cohort, thread.title)]
    count = Post.objects.filter(thread=thread).count()
    context = {
        "cohort": thread.cohort,
        "thread": thread,
        "form": form,
        "into": into,
        "count": ngettext("%(count)d post", "%(count)d posts", count) % {"count": count},
        "place_name": name_of(thread.place),
        "other_place": name_of(into.place) if into else "",
        "suggestions": [one for one in like if one.pk != thread.pk],
    }
    return render(request, "discussion/desk/merge.html", context)
