"""The door of a thread's pages: the thread or post of the address, for whoever may read it; 404 for all others."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect

from campus.cohorts.access import MemberRequest, View, member_page
from campus.cohorts.models import Cohort
from campus.discussion.models import Place, Post, Thread
from campus.discussion.places import whole_places
from campus.discussion.queries import WHOLE_THREAD, whole_threads


def place_page(view: View) -> View:
    """Hand the view a place of the cohort where the person may read."""

    @member_page
    @wraps(view)
    def guarded(request: MemberRequest, *, cohort: Cohort, place: int, **kwargs: Any) -> HttpResponseBase:
        found = get_object_or_404(whole_places(), pk=place, cohort=cohort)
        if not request.user.has_perm("discussion.read_place", found):
            raise Http404
        return view(request, place=found, **kwargs)

    return guarded


def thread_page(view: View) -> View:
    """Hand the view a thread of the cohort that the person may read; one that was merged stands for where it is now."""

    @member_page
    @wraps(view)
    def guarded(request: MemberRequest, *, cohort: Cohort, thread: int, **kwargs: Any) -> HttpResponseBase:
        found = get_object_or_404(whole_threads(), pk=thread, place__cohort=cohort)
        merged = found.merged_into_id
        if merged:
            found = whole_threads().get(pk=merged)
        if not request.user.has_perm("discussion.read_thread", found):
            raise Http404
        return redirect(found.path) if merged and request.method == "GET" else view(request, thread=found, **kwargs)

    return guarded


def post_at(cohort: Cohort, thread: int, number: int) -> Post:
    """The post of that address, also after it was moved; 404 where there is none. The caller asks who may read it."""
    posts = Post.objects.select_related("author", *(f"thread__{row}" for row in WHOLE_THREAD))
    posts = posts.filter(thread__place__cohort=cohort)
    found = posts.filter(thread=thread, number=number).first()
    return found or get_object_or_404(posts, signposts__thread=thread, signposts__number=number)


def post_page(permission: str = "discussion.read_post") -> Callable[[View], View]:
    """Hand the view a post of the thread with which the person may do this."""

    def decorate(view: View) -> View:
        @member_page
        @wraps(view)
        def guarded(
            request: MemberRequest, *, cohort: Cohort, thread: int, number: int, **kwargs: Any
        ) -> HttpResponseBase:
            found = post_at(cohort, thread, number)
            if not request.user.has_perm(permission, found):
                raise Http404
            return view(request, post=found, **kwargs)

        return guarded

    return decorate


def permitted(request: MemberRequest, permission: str, subject: Thread | Place) -> None:
    """404 where the person may not."""
    if not request.user.has_perm(permission, subject):
        raise Http404


def wants_json(request: MemberRequest) -> bool:
    """Whether discussion.js asks, and not a form sent without it."""
    return "application/json" in request.headers.get("Accept", "")


def said(status: int, **fields: Any) -> HttpResponse:
    """An answer for discussion.js."""
    return JsonResponse(fields, status=status)
