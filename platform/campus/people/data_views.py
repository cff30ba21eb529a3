"""Downloading a copy of one's data, and leaving the site. Each wish is confirmed with the password."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from campus.people.archive import request_copy
from campus.people.erasure import cancel_erasure, request_erasure
from campus.people.models import DataCopy, Person
from campus.people.personal_data import holdings, obstacles_of


@login_required
@never_cache
@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """What is held, the copies there are, and how to leave."""
    person = cast(Person, request.user)
    now = timezone.now()
    context = {
        "copies": [copy for copy in person.data_copies.all() if copy.expires_at is None or copy.expires_at > now],
        "holdings": holdings.values(),
        "obstacles": obstacles_of(person),
    }
    return render(request, "people/data.html", context)


@require_POST
@login_required
@reauthentication_required
def copy_request(request: HttpRequest) -> HttpResponse:
    request_copy(person=cast(Person, request.user))
    messages.success(request, _("Your copy is being prepared. Come back in a minute."))
    return redirect("people:data")


@require_GET
@login_required
@reauthentication_required
@never_cache
def copy_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One's own copy; another person's doesn't exist here."""
    copies = DataCopy.objects.filter(person=cast(Person, request.user), expires_at__gt=timezone.now())
    copy = get_object_or_404(copies, pk=pk)
    name = f"manabiai-{timezone.localtime(copy.requested_at):%Y%m%d}.zip"
    return FileResponse(copy.file.open("rb"), as_attachment=True, filename=name, content_type="application/zip")


@require_POST
@login_required
@reauthentication_required
def leave(request: HttpRequest) -> HttpResponse:
    try:
        request_erasure(person=cast(Person, request.user))
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
    else:
        messages.warning(request, _("Your account will be deleted in two weeks. Until then you can change your mind."))
    return redirect("people:data")


@require_POST
@login_required
def stay(request: HttpRequest) -> HttpResponse:
    cancel_erasure(person=cast(Person, request.user))
    messages.success(request, _("Your account will not be deleted."))
    return redirect("people:data")
