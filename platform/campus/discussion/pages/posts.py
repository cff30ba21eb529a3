"""What is done with single posts: write, edit, delete, thank, accept, flag, quote; and their files."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campus.cohorts.access import MemberRequest, member_page
from campus.cohorts.models import Cohort
from campus.discussion import actions, moderation, payloads
from campus.discussion.forms import EditForm, FlagForm, PostForm
from campus.discussion.markdown import render_post
from campus.discussion.models import Attachment, Flag, Post, Thread
from campus.discussion.pages.door import permitted, post_at, post_page, said, thread_page, wants_json
from campus.discussion.pages.threads import quoted, refused
from campus.discussion.refusals import barred_in_words

# What somebody attached runs nothing and loads nothing, even when it is opened on a page of its own.
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_POST
@thread_page
def write(request: MemberRequest, *, thread: Thread) -> HttpResponse:
    """Add a post; answers JSON to discussion.js and leads to the post without it."""
    if not request.user.has_perm("discussion.write_post", thread):
        form = PostForm(request.POST, request.FILES)
        form.full_clean()
        barred = barred_in_words(request.user, thread.place.cohort_id)
        form.add_error(None, barred or _("You can read here but not post. Your text is still in the field."))
        return refused(request, thread, form)
    form = PostForm(request.POST, request.FILES)
    if not form.is_valid():
        return refused(request, thread, form)
    try:
        post = actions.write_post(thread=thread, author=request.user, writing=form.writing())
    except ValidationError as error:
        form.add_error(None, error)
        return refused(request, thread, form)
    if not wants_json(request):
        return redirect(post.path)
    moved = {} if post.thread.path in request.path else {"url": post.path}  # Into what the thread was merged meanwhile.
    return said(200, post=payloads.of_post(post), **moved)


@require_GET
@member_page
def permalink(request: MemberRequest, *, cohort: Cohort, thread: int, number: int) -> HttpResponse:
    """Lead to the page on which the post stands, also after it was moved."""
    post = post_at(cohort, thread, number)
    permitted(request, "discussion.read_thread", post.thread)
    return redirect(f"{post.thread.path}?page={post.thread.page_of(post.number)}#post-{post.number}")


@require_GET
@post_page()
def quote(request: MemberRequest, *, post: Post) -> HttpResponse:
    """The post as a quotation, for the field in which the answer is being typed."""
    return said(200, text=quoted(post))


@require_http_methods(["GET", "POST"])
@post_page("discussion.change_post")
def edit(request: MemberRequest, *, post: Post) -> HttpResponse:
    form = EditForm(request.POST or None, initial={"text": post.text})
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_post(post=post, text=form.cleaned_data["text"])
            return redirect(post.path)
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "discussion/edit.html", {"cohort": post.thread.cohort, "post": post, "form": form})


@require_http_methods(["GET", "POST"])
@post_page("discussion.delete_post")
def delete(request: MemberRequest, *, post: Post) -> HttpResponse:
    """Ask once more, then leave a tombstone."""
    if request.method == "POST":
        actions.delete_post(post=post)
        messages.success(request, _("Your post was deleted."))
        thread = Thread.objects.get(pk=post.thread_id)
        return redirect(post.path if thread.hidden_at is None else post.thread.place.path)
    return render(request, "discussion/delete.html", {"cohort": post.thread.cohort, "post": post})


@require_GET
@post_page()
def history(request: MemberRequest, *, post: Post) -> HttpResponse:
    """What the post said before it was edited, the latest first."""
    versions = [(one.written_at, render_post(one.text)) for one in post.revisions.all()]
    context = {"cohort": post.thread.cohort, "post": post, "versions": versions}
    return render(request, "discussion/history.html", context)


@require_POST
@post_page()
def thanks(request: MemberRequest, *, post: Post) -> HttpResponse:
    """Thank, or take it back (``on=0``)."""
    is_thankful = request.POST.get("on", "1") == "1"
    try:
        count = actions.set_thanks(post=post, person=request.user, is_thankful=is_thankful)
    except ValidationError as error:
        if wants_json(request):
            return said(422, errors=error.messages)
        messages.error(request, error.messages[0])
        return redirect(post.path)
    return said(200, count=count, on=is_thankful) if wants_json(request) else redirect(post.path)


@require_POST
@post_page()
def accept(request: MemberRequest, *, post: Post) -> HttpResponse:
    """Say that this post answered the question, or take that back (``on=0``)."""
    permitted(request, "discussion.accept_answer", post.thread)
    try:
        actions.accept_answer(thread=post.thread, post=post if request.POST.get("on", "1") == "1" else None)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return said(200) if wants_json(request) else redirect(post.path)


@require_http_methods(["GET", "POST"])
@post_page()
def flag(request: MemberRequest, *, post: Post) -> HttpResponse:
    """Ask the moderators to look at a post."""
    earlier = Flag.objects.waiting().filter(post=post, person=request.user).first()
    form = FlagForm(request.POST or None, initial={"reason": earlier.reason, "note": earlier.note} if earlier else None)
    if request.method == "POST" and form.is_valid():
        moderation.flag(post=post, person=request.user, **form.cleaned_data)
        messages.success(request, _("Thank you. A facilitator or organiser will look at it."))
        return redirect(post.path)
    context = {"cohort": post.thread.cohort, "post": post, "form": form, "earlier": earlier}
    return render(request, "discussion/flag.html", context)


@require_GET
@member_page
def attachment(request: MemberRequest, *, cohort: Cohort, attachment: int) -> HttpResponseBase:
    """A file of a post: pictures are shown, everything else is saved; nothing runs on the site."""
    found = get_object_or_404(
        Attachment.objects.select_related("post__thread__place__cohort"),
        pk=attachment,
        post__thread__place__cohort=cohort,
    )
    if not request.user.has_perm("discussion.read_post", found.post):
        raise Http404
    content_type = found.content_type if found.is_picture else "application/octet-stream"
    answer = FileResponse(
        found.file.open("rb"), as_attachment=not found.is_picture, filename=found.name, content_type=content_type
    )
    answer["Content-Security-Policy"] = FILE_POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(answer, private=True, max_age=3600)
    return answer
