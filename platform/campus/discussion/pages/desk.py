"""What moderators do: flagged posts, hide, close, move, suspend; and the organisers' topics."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort
from campus.cohorts.queries import learners_looked_after
from campus.discussion import moderation
from campus.discussion.desk_lists import flags_listed, questions_listed
from campus.discussion.forms import MoveForm, SuspendForm, TopicForm
from campus.discussion.models import Post, Thread, Topic, Voice
from campus.discussion.names import speakers_in
from campus.discussion.pages.door import permitted, post_page, thread_page
from campus.discussion.places import own_places
from campus.discussion.rules import is_suspended, may_be_suspended_by
from campus.discussion.topics import remove_topic as take_away
from campus.discussion.topics import save_topic
from campus.discussion.words import name_of


@require_GET
@desk_page("discussion.moderate")
def flags(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Posts that readers want looked at, the oldest first."""
    listing = flags_listed(request, cohort)
    return listing.download() or render(request, "discussion/desk/flags.html", {"cohort": cohort, "listing": listing})


@require_GET
@desk_page("discussion.moderate")
def unanswered(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Questions that nobody has answered for long, the longest waiting first; ``?all=1`` from the first minute."""
    listing = questions_listed(request, cohort)
    context = {"cohort": cohort, "listing": listing}
    return listing.download() or render(request, "discussion/desk/unanswered.html", context)


@require_http_methods(["GET", "POST"])
@thread_page
def moderate_thread(request: MemberRequest, *, thread: Thread) -> HttpResponse:
    """Close, hide or move a thread."""
    permitted(request, "discussion.moderate_thread", thread)
    asked = request.POST if request.POST.get("do") == "move" else None
    elsewhere = [one for one in own_places(request.user, thread.cohort) if one.pk != thread.place_id]
    form = MoveForm(asked, places=elsewhere)
    if request.method == "POST":
        if form.is_bound and form.is_valid():
            moderation.move_thread(thread=thread, place=form.cleaned_data["place"], actor=request.user)
            messages.success(request, _("The thread was moved."))
            return redirect(thread.path)
        if not form.is_bound:
            _change(thread, request)
            return redirect(thread.path)
    context = {"cohort": thread.cohort, "thread": thread, "form": form, "place_name": name_of(thread.place)}
    return render(request, "discussion/desk/thread.html", context)


def _change(thread: Thread, request: MemberRequest) -> None:
    changes: dict[str, Callable[[], None]] = {
        "lock": lambda: moderation.set_locked(thread=thread, is_locked=True, actor=request.user),
        "unlock": lambda: moderation.set_locked(thread=thread, is_locked=False, actor=request.user),
        "hide": lambda: moderation.set_hidden(thread=thread, is_hidden=True, actor=request.user),
        "show": lambda: moderation.set_hidden(thread=thread, is_hidden=False, actor=request.user),
    }
    change = changes.get(request.POST.get("do", ""))
    if change is None:
        raise Http404
    change()
    messages.success(request, _("The thread was changed."))


@require_http_methods(["GET", "POST"])
@post_page()
def moderate_post(request: MemberRequest, *, post: Post) -> HttpResponse:
    """Hide a post or leave it, and suspend its author where that is needed."""
    thread = post.thread
    permitted(request, "discussion.moderate_thread", thread)
    form = SuspendForm(request.POST if request.POST.get("do") == "suspend" else None)
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            _judge(post, form, request)
            return redirect(post.path)
        except ValidationError as error:
            messages.error(request, error.messages[0])
    context = {
        "cohort": thread.cohort,
        "post": post,
        "author": speakers_in(thread.cohort.pk, [post.author_id])[post.author_id],
        "flags": post.flags.all(),
        "form": form,
        "may_suspend": may_be_suspended_by(request.user, person=post.author, cohort=thread.cohort),
        "is_suspended": is_suspended(post.author, thread.cohort.pk),
    }
    return render(request, "discussion/desk/post.html", context)


def _judge(post: Post, form: SuspendForm, request: MemberRequest) -> None:
    cohort, actor = post.thread.cohort, request.user
    judgements: dict[str, Callable[[], None]] = {
        "hide": lambda: moderation.hide_post(post=post, actor=actor),
        "show": lambda: moderation.show_post(post=post, actor=actor),
        "keep": lambda: moderation.settle_flags(post=post, actor=actor),
        "suspend": lambda: moderation.suspend(person=post.author, cohort=cohort, until=form.until, actor=actor),
        "lift": lambda: moderation.lift_suspension(person=post.author, cohort=cohort, actor=actor),
    }
    judgement = judgements.get(request.POST.get("do", ""))
    if judgement is None:
        raise Http404
    judgement()
    messages.success(request, _("Done. This is recorded in the audit log."))


@require_http_methods(["GET", "POST"])
@desk_page("discussion.moderate")
def suspension(request: MemberRequest, *, cohort: Cohort, enrolment: int) -> HttpResponse:
    """Suspend a learner whom one looks after, or lift that."""
    learners = learners_looked_after(request.user, cohort).select_related("person")
    found = get_object_or_404(learners, pk=enrolment)
    if not may_be_suspended_by(request.user, person=found.person, cohort=cohort):
        raise Http404
    form = SuspendForm(request.POST if request.POST.get("do") == "suspend" else None)
    if form.is_bound and form.is_valid():
        moderation.suspend(person=found.person, cohort=cohort, until=form.until, actor=request.user)
    elif request.POST.get("do") == "lift":
        moderation.lift_suspension(person=found.person, cohort=cohort, actor=request.user)
    elif request.method == "GET" or form.is_bound:
        voice = Voice.objects.filter(person=found.person, cohort=cohort, suspended_until__gt=timezone.now()).first()
        context = {"cohort": cohort, "enrolment": found, "form": form, "until": voice and voice.suspended_until}
        return render(request, "discussion/desk/suspension.html", context)
    messages.success(request, _("Done. This is recorded in the audit log."))
    return redirect("cohorts:person", cohort=cohort.slug, pk=found.pk)


@require_http_methods(["GET", "POST"])
@desk_page("discussion.keep_topics")
def topics(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """The cohort's topics; one form adds or, with ``?topic=3``, changes one."""
    wanted = request.GET.get("topic", "")
    topic = get_object_or_404(Topic, pk=int(wanted), cohort=cohort) if wanted.isdecimal() and len(wanted) < 18 else None
    form = TopicForm(request.POST or None, instance=topic or Topic(cohort=cohort))
    if request.method == "POST" and form.is_valid():
        save_topic(topic=form.save(commit=False), actor=request.user)
        messages.success(request, _("The topic was saved."))
        return redirect("discussion:topics", cohort=cohort.slug)
    context = {"cohort": cohort, "topics": Topic.objects.filter(cohort=cohort), "topic": topic, "form": form}
    return render(request, "discussion/desk/topics.html", context)


@require_POST
@desk_page("discussion.keep_topics")
def remove_topic(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    """Threads of the topic stay, without one."""
    take_away(topic=get_object_or_404(Topic, pk=pk, cohort=cohort), actor=request.user)
    messages.success(request, _("The topic was removed; its threads stay."))
    return redirect("discussion:topics", cohort=cohort.slug)
