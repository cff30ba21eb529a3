"""The desk's pages of announcements: write, look at it, send or schedule, and see what became of it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campus.announcements import actions, preview
from campus.announcements.audiences import enrolments_chosen
from campus.announcements.forms import CRITERION, AnnouncementForm, RecipientFilter, ScheduleForm
from campus.announcements.lists import ANNOUNCEMENT_COLUMNS, AUDIENCE_COLUMNS, RECIPIENT_COLUMNS
from campus.announcements.models import Announcement
from campus.announcements.queries import (
    CHOSEN,
    audience_of,
    desk_announcements,
    mails_by_state,
    people_met,
    read_count,
    recipients_of,
)
from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.bulk import Selection, bulk_page
from campus.cohorts.models import Cohort
from campus.ui.lists import Listing, TextFilter

WRITE = "announcements.write"
NAMED_BY = ("title_ja", "title_en", "author__name")


@require_GET
@desk_page(WRITE)
def desk_list(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    listing = Listing(
        request,
        desk_announcements(request.user, cohort),
        columns=ANNOUNCEMENT_COLUMNS,
        name=f"announcements-{cohort.slug}",
        order=["-created_at", "-pk"],
        filters=TextFilter(request.GET, label=gettext_lazy("Title or author"), within=NAMED_BY),
    )
    return listing.download() or render(request, "announcements/desk/list.html", {"cohort": cohort, "listing": listing})


@require_http_methods(["GET", "POST"])
@desk_page(WRITE)
def write_page(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Write one; the address may say whom for: ``?criterion_state=paused&classes=3``."""
    chosen = request.GET.dict() | {"classes": request.GET.getlist("classes")} if request.GET else None
    form = AnnouncementForm(request.POST or None, cohort=cohort, author=request.user, initial=chosen)
    if request.method == "POST" and form.is_valid():
        announcement = actions.write(cohort=cohort, author=request.user, text=form.text())
        return redirect(_page(announcement))
    return render(request, "announcements/desk/write.html", {"cohort": cohort, "form": form})


@require_http_methods(["GET", "POST"])
@bulk_page(WRITE)
def write_to(request: MemberRequest, *, cohort: Cohort, selection: Selection) -> HttpResponse:
    """Write to those chosen in a list; from here on it is an announcement like any other."""
    chosen = dict(selection.rows.values_list("pk", "role"))
    initial = {f"{CRITERION}{CHOSEN}": enrolments_chosen(chosen), "roles": sorted(set(chosen.values()))}
    form = AnnouncementForm(cohort=cohort, author=request.user, initial=initial)
    context = {"cohort": cohort, "form": form, "action": reverse("announcements:write", args=[cohort.slug])}
    return render(request, "announcements/desk/write.html", context)


@require_http_methods(["GET", "POST"])
@desk_page(WRITE)
def edit_page(request: MemberRequest, *, cohort: Cohort, announcement: int) -> HttpResponse:
    found = _managed(request, cohort, announcement)
    # What the author may not reach, nobody reaches by changing the text.
    form = AnnouncementForm(request.POST or None, instance=found, cohort=cohort, author=found.author)
    if not found.is_open:
        return _too_late(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.rewrite(found, text=form.text(), actor=request.user)
        except actions.NoLongerOpen:
            return _too_late(request, found)
        return redirect(_page(found))
    context = {"cohort": cohort, "announcement": found, "form": form}
    return render(request, "announcements/desk/write.html", context)


@require_GET
@desk_page(WRITE)
def desk_one(request: MemberRequest, *, cohort: Cohort, announcement: int) -> HttpResponse:
    return _show(request, _managed(request, cohort, announcement), ScheduleForm())


@require_GET
@desk_page(WRITE)
def audience_page(request: MemberRequest, *, cohort: Cohort, announcement: int) -> HttpResponse:
    """Who would get it if it were sent now."""
    found = _managed(request, cohort, announcement)
    listing = Listing(
        request,
        audience_of(found).select_related("person", "study_class"),
        columns=AUDIENCE_COLUMNS,
        name=f"audience-{found.pk}",
        order=["person__name", "pk"],
        filters=TextFilter(
            request.GET, label=gettext_lazy("Name or class"), within=["person__name", "study_class__name"]
        ),
    )
    context = {"cohort": cohort, "announcement": found, "listing": listing}
    return listing.download() or render(request, "announcements/desk/audience.html", context)


@require_POST
@desk_page(WRITE)
def send_now(request: MemberRequest, *, cohort: Cohort, announcement: int) -> HttpResponse:
    found = _managed(request, cohort, announcement)
    try:
        count = actions.send(found, actor=request.user)
    except actions.NoLongerOpen:
        return _too_late(request, found)
    text = ngettext("Sent to %(count)d person.", "Sent to %(count)d people.", count) % {"count": count}
    messages.success(request, text)
    return redirect(_page(found))


@require_POST
@desk_page(WRITE)
def schedule_page(request: MemberRequest, *, cohort: Cohort, announcement: int) -> HttpResponse:
    found = _managed(request, cohort, announcement)
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form)
    try:
        actions.schedule(found, at=form.cleaned_data["send_at"], actor=request.user)
    except actions.NoLongerOpen:
        return _too_late(request, found)
    messages.success(request, _("It will be sent at the chosen time to everybody who matches the conditions then."))
    return redirect(_page(found))


@require_POST
@desk_page(WRITE)
def cancel_now(request: MemberRequest, *, cohort: Cohort, announcement: int) -> HttpResponse:
    found = _managed(request, cohort, announcement)
    try:
        actions.cancel(found, actor=request.user)
    except actions.NoLongerOpen:
        return _too_late(request, found)
    messages.success(request, _("It was cancelled and will not be sent."))
    return redirect("announcements:desk", cohort=cohort.slug)


@require_GET
@desk_page(WRITE)
def recipients_page(request: MemberRequest, *, cohort: Cohort, announcement: int) -> HttpResponse:
    """Who got it, by which way, and what became of each mail."""
    found = _managed(request, cohort, announcement)
    listing = Listing(
        request,
        recipients_of(found),
        columns=RECIPIENT_COLUMNS,
        name=f"recipients-{found.pk}",
        order=["person__name", "pk"],
        filters=RecipientFilter(request.GET),
        selectable=found.by_mail,
    )
    context = {"cohort": cohort, "announcement": found, "listing": listing}
    return listing.download() or render(request, "announcements/desk/recipients.html", context)


@require_POST
@desk_page(WRITE)
def repeat_mails(request: MemberRequest, *, cohort: Cohort, announcement: int) -> HttpResponse:
    """Send the chosen recipients' mails again, where they didn't arrive for sure."""
    found = _managed(request, cohort, announcement)
    chosen = [int(value) for value in request.POST.getlist("selected") if value.isdigit()]
    count = actions.repeat_mails(found, recipient_ids=chosen, actor=request.user)
    if count:
        text = ngettext("%(count)d email will be sent again.", "%(count)d emails will be sent again.", count)
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("Choose recipients whose email came back, failed or has an unknown outcome."))
    return redirect("announcements:recipients", cohort=cohort.slug, announcement=found.pk)


def _managed(request: MemberRequest, cohort: Cohort, announcement: int) -> Announcement:
    rows = Announcement.objects.select_related("cohort", "author")
    found = get_object_or_404(rows, pk=announcement, cohort=cohort)
    if not request.user.has_perm("announcements.manage_announcement", found):
        raise Http404
    return found


def _page(announcement: Announcement) -> Any:
    return redirect("announcements:desk_one", cohort=announcement.cohort.slug, announcement=announcement.pk).url


def _too_late(request: MemberRequest, announcement: Announcement) -> HttpResponseRedirect:
    messages.error(request, _("It has been sent or cancelled in the meantime and can’t be changed any more."))
    return HttpResponseRedirect(_page(announcement))


def _show(request: MemberRequest, announcement: Announcement, schedule_form: ScheduleForm) -> HttpResponse:
    context: dict[str, Any] = {
        "cohort": announcement.cohort,
        "announcement": announcement,
        "schedule_form": schedule_form,
        "audience": preview.audience_in_words(announcement),
        "previews": [preview.in_language(announcement, language) for language in ("ja", "en")],
    }
    if announcement.is_open:
        context["people_count"] = people_met(announcement).count()
    else:
        context["recipient_count"] = announcement.recipients.count()
        context["mails"] = mails_by_state(announcement)
        context["read_count"] = read_count(announcement)
    return render(request, "announcements/desk/one.html", context)
