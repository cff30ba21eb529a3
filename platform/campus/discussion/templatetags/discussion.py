"""The discussion on its own pages and on those of other apps."""

from typing import Any
from uuid import uuid4

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext as _

from campus import live
from campus.cases.models import Step
from campus.cohorts.models import Cohort
from campus.discussion import queries
from campus.discussion.models import Place, PlaceKind, Post, Thread
from campus.discussion.names import Speaker
from campus.discussion.places import own_places, place_of
from campus.discussion.plain import plain_text
from campus.discussion.rules import is_suspended
from campus.discussion.showing import blank_line
from campus.discussion.words import name_of

register = template.Library()


@register.filter
def base_url(post: Post) -> str:
    """The address of a post, below which its actions lie; of number 0 too, for the page's template."""
    return f"{post.thread.path}posts/{post.number}/"


@register.filter
def place_name(place: Place) -> str:
    """What a place is called."""
    return name_of(place)


@register.filter
def plain(post: Post) -> str:
    """What a post says, in one line."""
    return plain_text(post)


@register.filter
def at_key(values: dict[Any, Any], key: Any) -> Any:
    """A value of a dictionary, None where there is none."""
    return values.get(key)


@register.filter
def speaker(speakers: dict[int, Speaker], person_id: int) -> str:
    """The name under which somebody appears."""
    found = speakers.get(person_id)
    return found.name if found else ""


@register.simple_tag
def fresh_key() -> str:
    """Idempotency key of a form: what it sends is written once."""
    return str(uuid4())


@register.simple_tag
def blank_post(thread: Thread) -> queries.PostLine:
    """The post of which live ones are made."""
    return blank_line(thread)


@register.simple_tag(takes_context=True)
def unread_of_reader(context: Context) -> int:
    """In how many threads something waits for the reader."""
    request = context["request"]
    return len(request.unread) if hasattr(request, "unread") else queries.unread_count(request.user)


@register.inclusion_tag("discussion/parts/beside.html", takes_context=True)
def talk_beside(context: Context, subject: Any) -> dict[str, Any]:
    """Draw the newest threads about a cohort, class, step, team, submission or shared work and a way to ask in place.

    Nothing for whoever may not read there.
    """
    reader, place = context["request"].user, place_of(subject)
    if not reader.has_perm("discussion.read_place", place):
        return {"place": None}
    seq = live.last_seq(place.stream)
    threads = queries.threads_in(place)
    return {
        "request": context["request"],
        "user": reader,
        "csrf_token": context.get("csrf_token"),
        "time_zone": context.get("time_zone"),
        "place": place,
        "heading": _heading(place),
        "lines": queries.lines_of(threads[: queries.NEWEST], reader=reader),
        "total": threads.count(),
        "live_seq": seq,
        "may_start": not is_suspended(reader, place.cohort_id),
    }


def _heading(place: Place) -> str:
    if place.kind in {PlaceKind.STEP, PlaceKind.SUBMISSION, PlaceKind.EXHIBIT}:
        return _("Questions and discussion about this")
    return _("Discussion: %(place)s") % {"place": name_of(place)}


@register.inclusion_tag("discussion/parts/latest.html", takes_context=True)
def talk_of_cohort(context: Context, cohort: Cohort) -> dict[str, Any]:
    """Draw the liveliest threads of all places of the cohort in which the reader talks, and the ways to these."""
    reader = context["request"].user
    places = own_places(reader, cohort)
    return {
        "request": context["request"],
        "user": reader,
        "csrf_token": context.get("csrf_token"),
        "cohort": cohort,
        "place": next(one for one in places if one.kind == PlaceKind.COHORT),
        "lines": queries.lines_of(queries.threads_for(reader, cohort)[: queries.NEWEST], reader=reader),
        "places": [(one, name_of(one)) for one in places],
        "unread_in": queries.unread_in_places(reader, cohort),
        "may_start": not is_suspended(reader, cohort.pk),
    }


@register.inclusion_tag("discussion/parts/home.html", takes_context=True)
def unread_at_home(context: Context) -> dict[str, Any]:
    """Draw the first of what is unread in all cohorts; nothing where there is nothing. The view sets
    ``request.unread`` (``unread_at_once``)."""
    request = context["request"]
    threads = request.unread[: queries.NEWEST]
    return {"lines": queries.lines_of(threads, reader=request.user, with_authors=False)}


@register.inclusion_tag("discussion/parts/unread_beside.html", takes_context=True)
def unread_beside(context: Context, step: Step) -> dict[str, Any]:
    """Say beside a step in how many of its threads something waits; asked once for all steps of a page."""
    request = context["request"]
    if not hasattr(request, "unread_in_steps"):
        known = getattr(request, "unread", None)
        request.unread_in_steps = queries.unread_in_steps(request.user) if known is None else queries.in_steps(known)
    place, unread = request.unread_in_steps.get(step.pk, (0, 0))
    address = reverse("discussion:place", args=[step.cohort.slug, place]) if unread else ""
    return {"unread": unread, "address": address}
