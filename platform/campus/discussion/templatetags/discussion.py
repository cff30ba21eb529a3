"""The discussion on its own pages and on those of other apps."""

from typing import Any

from django import template
from django.template import Context
from django.utils.translation import gettext as _

from campus import live
from campus.cohorts.models import Cohort
from campus.discussion import queries
from campus.discussion.models import Place, PlaceKind, Post, Thread
from campus.discussion.names import Speaker
from campus.discussion.places import place_of
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
def at_key(values: dict[Any, Any], key: Any) -> Any:
    """A value of a dictionary, None where there is none."""
    return values.get(key)


@register.filter
def speaker(speakers: dict[int, Speaker], person_id: int) -> str:
    """The name under which somebody appears."""
    found = speakers.get(person_id)
    return found.name if found else ""


@register.simple_tag
def blank_post(thread: Thread) -> queries.PostLine:
    """The post of which live ones are made."""
    return blank_line(thread)


@register.simple_tag(takes_context=True)
def unread_of_reader(context: Context) -> int:
    """In how many threads something waits for the reader."""
    return queries.unread_count(context["request"].user)


@register.inclusion_tag("discussion/parts/beside.html", takes_context=True)
def talk_beside(context: Context, subject: Any) -> dict[str, Any]:
    """Draw the newest threads about a cohort, class, step, team or submission and a way to ask in place.

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
        "may_start": reader.has_perm("discussion.start_thread", place),
    }


def _heading(place: Place) -> str:
    if place.kind in {PlaceKind.STEP, PlaceKind.SUBMISSION}:
        return _("Questions and talk about this")
    return _("Discussion: %(place)s") % {"place": name_of(place)}


@register.inclusion_tag("discussion/parts/my_places.html", takes_context=True)
def my_places(context: Context, cohort: Cohort) -> dict[str, Any]:
    """Draw the ways to where the reader talks in the cohort, with what is unread there."""
    reader = context["request"].user
    places = [(one, name_of(one)) for one in queries.own_places(reader, cohort)]
    return {"places": places, "cohort": cohort, "unread_in": queries.unread_in_places(reader, cohort)}
