"""A person's own notices and how they want to hear of things."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campus.notices.actions import choose, keep_quiet, mark_all_read, mark_read, unsubscribe
from campus.notices.forms import PreferencesForm, QuietHoursForm
from campus.notices.kinds import optional_groups
from campus.notices.models import Notice
from campus.notices.queries import notices_of
from campus.notices.writing import headline, read_unsubscribe_key, subject_of
from campus.people.models import Person
from campus.ui.pagination import page_of


class OwnRequest(HttpRequest):
    """Somebody is signed in."""

    user: Person


@login_required
@require_GET
def notice_list(request: OwnRequest) -> HttpResponse:
    page = page_of(request, notices_of(request.user), per_page=20)
    lines = [(notice, subject_of(notice.kind), headline(notice.kind, notice.context)) for notice in page]
    has_unread = Notice.objects.filter(person=request.user).unread().exists()
    context = {"page": page, "lines": lines, "has_unread": has_unread, "now": timezone.now().isoformat()}
    return render(request, "notices/list.html", context)


@login_required
@require_GET
def open_notice(request: OwnRequest, notice: int) -> HttpResponse:
    """To the page that the notice is about; it counts as read then."""
    found = get_object_or_404(notices_of(request.user), pk=notice)
    mark_read(person=request.user, notice_id=found.pk)
    return redirect(found.url or "notices:list")


@login_required
@require_POST
def read_one(request: OwnRequest, notice: int) -> HttpResponse:
    found = get_object_or_404(notices_of(request.user), pk=notice)
    mark_read(person=request.user, notice_id=found.pk)
    return redirect("notices:list")


@login_required
@require_POST
def read_all(request: OwnRequest) -> HttpResponse:
    """Only what had come when the page was made: later ones have not been seen."""
    mark_all_read(person=request.user, until=_moment(request.POST.get("until", "")))
    return redirect("notices:list")


def _moment(text: str) -> datetime:
    try:
        parsed = parse_datetime(text)
    except ValueError:
        parsed = None
    return parsed if parsed and timezone.is_aware(parsed) else timezone.now()


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: OwnRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None  # Nothing chosen is a choice.
    form = PreferencesForm(data, person=request.user, groups=optional_groups())
    quiet = QuietHoursForm(data, person=request.user)
    if request.method == "POST" and form.is_valid() and quiet.is_valid():
        keep_quiet(person=request.user, **quiet.cleaned_data)
        for group, in_page, by_mail in form.choices():
            choose(person=request.user, group=group, in_page=in_page, by_mail=by_mail)
        messages.success(request, _("Your choice was saved."))
        return redirect("notices:preferences")
    return render(request, "notices/preferences.html", {"form": form, "quiet": quiet})


@csrf_exempt  # Mail programmes post here by themselves (RFC 8058); the signed token says who and what.
@require_http_methods(["GET", "POST"])
def unsubscribe_page(request: HttpRequest) -> HttpResponse:
    """Ask first when opened in a browser: programmes that look at links must not unsubscribe anybody."""
    try:
        person_id, key = read_unsubscribe_key(request.GET.get("key", ""))
    except signing.BadSignature as error:
        raise Http404 from error
    group = next((group for group in optional_groups() if group.key == key), None)
    if group is None or not Person.objects.filter(pk=person_id).exists():
        raise Http404
    context: dict[str, Any] = {"group": group, "done": request.method == "POST"}
    if request.method == "POST":
        unsubscribe(person_id=person_id, group=key)
    return render(request, "notices/unsubscribe.html", context)
