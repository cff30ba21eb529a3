"""The status pages: of a cohort for its organisers, of the installation for its operators; with the lists behind."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort
from campus.cohorts.rules import is_operator
from campus.home import status
from campus.home.repair import repeat_mails, retry_jobs
from campus.notices.kinds import kind_of
from campus.notices.models import Mail, MailState
from campus.ui.lists import Column, Filter, Listing, TextFilter
from campus.ui.templatetags.ui import local_time

View = Callable[..., HttpResponse]


def operator_page(view: View) -> View:
    """For those who run the installation; for everybody else there is no such page (404)."""

    @login_required
    @wraps(view)
    def guarded(request: MemberRequest, **kwargs: Any) -> HttpResponse:
        if not is_operator(request.user):
            raise Http404
        return view(request, **kwargs)

    return guarded


@require_GET
@operator_page
def of_installation(request: MemberRequest) -> HttpResponse:
    context = {
        "processes": status.processes(),
        "grading": status.grading_state(),
        "queues": status.queues(),
        "oldest_job": status.oldest_job(),
        "mail_states": status.mail_states(),
        "disk": status.disk(),
        "last_backup": status.last_backup(),
    }
    return render(request, "home/status.html", context)


@require_GET
@desk_page("cohorts.run_cohort")
def of_cohort(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    context = {
        "cohort": cohort,
        "processes": status.processes(),
        "grading": status.grading_state(cohort),
        "mail_states": status.mail_states(cohort),
        "failed_jobs": status.failed_jobs().count(),
        "oldest_job": status.oldest_job(),
        "handed_in": status.handed_in_bytes(cohort),
    }
    return render(request, "home/cohort_status.html", context)


@require_GET
@operator_page
def failed_jobs(request: MemberRequest) -> HttpResponse:
    listing = Listing(
        request,
        status.failed_jobs(),
        columns=[
            Column("id", gettext_lazy("Job"), lambda job: job.pk, sort="id"),
            Column("task", gettext_lazy("Task"), lambda job: job.task_name, sort="task_name"),
            Column("queue", gettext_lazy("Queue"), lambda job: job.queue_name, sort="queue_name"),
            Column("attempts", gettext_lazy("Attempts"), lambda job: job.attempts, sort="attempts", is_number=True),
        ],
        name="failed-jobs",
        order=["-id"],
        filters=TextFilter(request.GET, label=gettext_lazy("Task or queue"), within=["task_name", "queue_name"]),
        selectable=True,
    )
    return listing.download() or render(request, "home/failed_jobs.html", {"listing": listing})


@require_POST
@operator_page
def retry(request: MemberRequest) -> HttpResponse:
    """Run the ticked jobs again."""
    count = retry_jobs(ids=_ticked(request), actor=request.user)
    text = ngettext("%(count)s job will run again.", "%(count)s jobs will run again.", count)
    messages.success(request, text % {"count": count})
    return redirect("status_jobs")


class MailFilter(Filter):
    """By what became of the mail."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), choices=[("", pgettext_lazy("filter", "All")), *MailState.choices]
    )

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        state = self.cleaned_data["state"]
        return rows.filter(state=state) if state else rows


def _about(mail: Mail) -> str:
    """What the mail is about, in words; the bare name where its kind is gone."""
    try:
        return str(kind_of(mail.kind).group.label)
    except ValueError:
        return mail.kind


def _mail_list(request: MemberRequest, mails: QuerySet[Mail], name: str) -> Listing:
    return Listing(
        request,
        mails.select_related("person"),
        columns=[
            Column("to", gettext_lazy("To"), lambda mail: mail.person.name if mail.person else mail.name),
            Column("kind", gettext_lazy("About"), _about, sort="kind"),
            Column("state", gettext_lazy("State"), lambda mail: mail.get_state_display(), sort="state"),
            Column("problem", gettext_lazy("What the mail server said"), lambda mail: mail.problem),
            Column(
                "at",
                gettext_lazy("Written"),
                lambda mail: mail.created_at,
                cell=lambda mail: local_time(mail.created_at),
                sort="created_at",
            ),
        ],
        name=name,
        order=["-pk"],
        filters=MailFilter(request.GET),
        selectable=True,
    )


@require_GET
@operator_page
def mails(request: MemberRequest) -> HttpResponse:
    listing = _mail_list(request, status.mails(), "mails")
    return listing.download() or render(request, "home/mails.html", {"listing": listing})


@require_GET
@desk_page("cohorts.run_cohort")
def mails_of_cohort(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    listing = _mail_list(request, status.mails(cohort), f"mails-{cohort.slug}")
    return listing.download() or render(request, "home/cohort_mails.html", {"listing": listing, "cohort": cohort})


@require_POST
@operator_page
def repeat(request: MemberRequest) -> HttpResponse:
    """Send the ticked mails again."""
    _repeat(request, status.mails(), None)
    return redirect("status_mails")


@require_POST
@desk_page("cohorts.run_cohort")
def repeat_of_cohort(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    """Send the ticked mails to people of the cohort again."""
    _repeat(request, status.mails(cohort), cohort)
    return redirect("cohort_mails", cohort=cohort.slug)


def _repeat(request: MemberRequest, among: QuerySet[Mail], cohort: Cohort | None) -> None:
    chosen = list(among.filter(pk__in=_ticked(request), state__in=status.TROUBLED))
    count = repeat_mails(mails=chosen, actor=request.user, cohort=cohort)
    if count:
        text = ngettext("%(count)s email will be sent again.", "%(count)s emails will be sent again.", count)
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("Only emails that came back, failed or have an unknown outcome can be sent again."))


def _ticked(request: MemberRequest) -> list[int]:
    return [int(pk) for pk in request.POST.getlist("selected")[:500] if pk.isdecimal() and len(pk) < 18]
