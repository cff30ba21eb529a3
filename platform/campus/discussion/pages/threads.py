"""Lists of threads, a new thread, and the page of one."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campus import live
from campus.cohorts.access import MemberRequest, member_page
from campus.cohorts.models import Cohort
from campus.cohorts.rules import STAFF_ROLES
from campus.discussion import actions, queries, reading
from campus.discussion.forms import NameForm, PostForm, ThreadForm
from campus.discussion.mentions import suggestions
from campus.discussion.models import Level, Place, Post, Reading, Thread, Topic, Voice
from campus.discussion.names import shown_name, shows_typing
from campus.discussion.pages.door import place_page, said, thread_page, wants_json
from campus.discussion.places import own_places, whole_places
from campus.discussion.refusals import barred_in_words
from campus.discussion.showing import page_of_posts, pages_near
from campus.discussion.words import address_of, name_of
from campus.ui.pagination import page_of


@require_GET
@member_page
def cohort_list(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Everything the person may read in the cohort, with filters."""
    threads = queries.threads_for(request.user, cohort)
    places = own_places(request.user, cohort)
    context = _listed(request, cohort, threads) | {
        "places": [(one, name_of(one)) for one in places],
        "unread_in": queries.unread_in_places(request.user, cohort),
        "voice": Voice.objects.filter(person=request.user, cohort=cohort).first(),
    }
    return render(request, "discussion/list.html", context)


@require_GET
@place_page
def place_list(request: MemberRequest, *, place: Place) -> HttpResponse:
    """The threads of one place."""
    seq = live.last_seq(place.stream)
    context = _listed(request, place.cohort, queries.threads_in(place)) | {
        "place": place,
        "name": name_of(place),
        "about": address_of(place),
        "live_seq": seq,
        "may_start": request.user.has_perm("discussion.start_thread", place),
    }
    return render(request, "discussion/place.html", context)


def _listed(request: MemberRequest, cohort: Cohort, threads: QuerySet[Thread]) -> dict[str, Any]:
    topics = list(Topic.objects.filter(cohort=cohort))
    topic = next((one for one in topics if str(one.pk) == request.GET.get("topic")), None)
    only = request.GET.get("only", "")
    if topic:
        threads = threads.filter(topic=topic)
    if only == "open":
        threads = queries.open_questions(threads)
    elif only == "own":
        threads = threads.filter(readings__person=request.user, readings__level=Level.FOLLOW)
    page = queries.lines_on(page_of(request, threads, per_page=queries.THREADS_ON_PAGE), reader=request.user)
    return {"cohort": cohort, "page": page, "topics": topics, "topic": topic, "only": only}


@require_http_methods(["GET", "POST"])
@member_page
def start(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Ask or tell something new; the address may name the place: ``?place=3``."""
    places = _places_to_start(request, cohort)
    if not places:
        raise Http404
    given = {"place": request.GET.get("place", ""), "title": request.GET.get("title", "")}
    form = ThreadForm(request.POST or None, request.FILES or None, cohort=cohort, places=places, initial=given)
    if request.method == "POST" and form.is_valid():
        try:
            place, writing = form.cleaned_data["place"], form.writing()
            thread = actions.start_thread(place=place, author=request.user, heading=form.heading(), writing=writing)
            return redirect(thread.path)
        except ValidationError as error:
            form.add_error(None, error)
    if form.errors:
        form.ask_for_files_again()
    # Who was refused while writing keeps the form with what was typed.
    barred = "" if form.is_bound else barred_in_words(request.user, cohort.pk)
    return render(request, "discussion/start.html", {"cohort": cohort, "form": form, "barred": barred})


def _places_to_start(request: MemberRequest, cohort: Cohort) -> list[Place]:
    """Where the person may begin a thread: the own places, and the submission that the address names."""
    places = own_places(request.user, cohort)
    wanted = request.POST.get("place") or request.GET.get("place", "")
    if wanted.isdecimal() and all(one.pk != int(wanted) for one in places):
        found = whole_places().filter(pk=wanted, cohort=cohort).first()
        if found and request.user.has_perm("discussion.read_place", found):
            places.append(found)
    return places


@require_GET
@thread_page
def thread(request: MemberRequest, *, thread: Thread) -> HttpResponse:
    """The page of the first unread post, or the one that the address names; what it shows is read then."""
    return show_thread(request, thread, PostForm(initial=_begun(request, thread)))


def show_thread(request: MemberRequest, thread: Thread, form: PostForm, *, status: int = 200) -> HttpResponse:
    """Draw the thread with the form for the next post."""
    seq = live.last_seq(thread.stream)
    known = Reading.objects.filter(person=request.user, thread=thread).first()
    read = known.last_read if known else 0
    number = _page_number(request, thread, read)
    page = page_of_posts(thread, number, reader=request.user, read=read)
    if request.method == "GET":
        reading.mark_read(thread=thread, person=request.user, number=page.end)
    may_write = request.user.has_perm("discussion.write_post", thread)
    context: dict[str, Any] = {
        "cohort": thread.cohort,
        "thread": thread,
        "place_name": name_of(thread.place),
        "about": address_of(thread.place),
        "page": page,
        "pages": [(one, f"{thread.path}?page={one}") for one in pages_near(page.number, last=page.last)],
        "level": known.level if known else Level.PLAIN,
        "levels": Level,
        "accepted_url": f"{thread.path}posts/{thread.accepted.number}/" if thread.accepted else "",
        "roles": {role.value: role.label for role in STAFF_ROLES},
        "shows_typing": shows_typing(request.user, thread.place.cohort_id),
        "own_name": shown_name(request.user, thread.place.cohort_id),
        "form": form,
        "live_seq": seq,
        "may_write": may_write,
        "barred": "" if may_write else barred_in_words(request.user, thread.place.cohort_id),
        "may_moderate": request.user.has_perm("discussion.moderate_thread", thread),
        "may_accept": request.user.has_perm("discussion.accept_answer", thread),
    }
    return render(request, "discussion/thread.html", context, status=status)


def _page_number(request: MemberRequest, thread: Thread, read: int) -> int:
    last = thread.page_of(max(1, thread.last_number))
    wanted = request.GET.get("page", "")
    if request.method == "POST":
        return last
    return (
        min(last, max(1, int(wanted)))
        if wanted.isdecimal() and len(wanted) < 9
        else min(last, thread.page_of(read + 1))
    )


def _begun(request: MemberRequest, thread: Thread) -> dict[str, Any]:
    """A quotation to answer to, where the address asks for one: ``?quote=12``."""
    wanted = request.GET.get("quote", "")
    post = Post.objects.filter(thread=thread, number=wanted).first() if wanted.isdecimal() and len(wanted) < 9 else None
    if post is None or not post.is_shown:
        return {"key": uuid.uuid4()}
    return {"key": uuid.uuid4(), "text": quoted(post)}


def quoted(post: Post) -> str:
    """The post as a quotation in Markdown, with the way to it."""
    lines = [f"> {line}" for line in post.text.strip().splitlines()]
    return "\n".join([f"> [#{post.number}]({post.path})", ">", *lines, "", ""])


@require_POST
@thread_page
def level(request: MemberRequest, *, thread: Thread) -> HttpResponse:
    """Follow, mute, or neither."""
    wanted = request.POST.get("level", "")
    if wanted not in Level.values:
        raise Http404
    reading.set_level(thread=thread, person=request.user, level=Level(wanted))
    words = {
        Level.FOLLOW: _("You are following this thread: new posts appear in your unread list."),
        Level.MUTE: _("You have muted this thread: it won’t appear in your lists."),
        Level.PLAIN: _("You no longer follow this thread. You will still be notified when somebody mentions you."),
    }
    messages.success(request, words[Level(wanted)])
    return redirect(f"{thread.path}?page={thread.page_of(max(1, thread.last_number))}")


@require_POST
@thread_page
def read(request: MemberRequest, *, thread: Thread) -> HttpResponse:
    """What came live was seen; told by discussion.js."""
    number = request.POST.get("number", "")
    if not number.isdecimal() or len(number) > 9:
        raise Http404
    if thread.path in request.path:  # A number of a thread that was merged says nothing about the other one.
        reading.mark_read(thread=thread, person=request.user, number=int(number))
    return said(200)


@require_GET
@member_page
def people(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Names for the mention that is being typed: ``?place=3&q=青``."""
    place = get_object_or_404(Place, pk=_number(request.GET.get("place")), cohort=cohort)
    if not request.user.has_perm("discussion.read_place", place):
        raise Http404
    beginning = request.GET.get("q", "")[:40]
    return said(200, names=suggestions(place, beginning, reader=request.user) if beginning.strip() else [])


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 18 else 0


@require_POST
@member_page
def choose_name(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Appear by nickname or by name, and while typing or not."""
    form = NameForm(request.POST)
    if form.is_valid():
        actions.choose_name(person=request.user, cohort_id=cohort.pk, **form.cleaned_data)
        messages.success(request, _("How you appear in the discussion was saved."))
    return redirect("discussion:list", cohort=cohort.slug)


def refused(request: MemberRequest, thread: Thread, form: PostForm) -> HttpResponse:
    """Say why a post wasn't taken; what was typed stays in the form."""
    if wants_json(request):
        return said(422, errors=[text for texts in form.errors.values() for text in texts])
    form.ask_for_files_again()
    return show_thread(request, thread, form)
