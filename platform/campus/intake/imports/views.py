"""Pages of the import: upload, preview, confirmation, and a template to fill in."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campus.cohorts.access import MemberRequest, desk_page
from campus.cohorts.models import Cohort
from campus.intake.imports.actions import CannotImport, begin_import, carry_out, discard_import
from campus.intake.imports.columns import FIELDS, shown_value
from campus.intake.imports.forms import UploadForm
from campus.intake.imports.preview import columns_of, figures_of, preview_of
from campus.intake.imports.remarks import Remark, Unreadable
from campus.intake.models import PeopleImport
from campus.ui.exports import FORMATS, download

import_page = desk_page("intake.bring_people")


def _own_import(request: MemberRequest, cohort: Cohort, pk: int) -> PeopleImport:
    """An upload holds personal data that its organiser alone has a reason to see."""
    return get_object_or_404(PeopleImport, pk=pk, cohort=cohort, owner=request.user)


@require_http_methods(["GET", "POST"])
@import_page
def upload(request: MemberRequest, *, cohort: Cohort) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    faults: tuple[Remark, ...] = ()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            begun = begin_import(
                cohort=cohort,
                owner=request.user,
                file_name=file.name or "",
                data=file.read(),
                default_role=form.cleaned_data["default_role"],
            )
        except Unreadable as unreadable:
            faults = unreadable.remarks
        else:
            return redirect("intake:import_preview", cohort.slug, begun.pk)
    context = {
        "cohort": cohort,
        "form": form,
        "faults": faults,
        "pending": PeopleImport.objects.pending().filter(cohort=cohort, owner=request.user).order_by("-pk")[:5],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "intake/import.html", context, status=status)


@require_GET
@import_page
def preview(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    people_import = _own_import(request, cohort, pk)
    listing = preview_of(request, people_import)
    if file := listing.download():
        return file
    context = {
        "cohort": cohort,
        "import": people_import,
        "listing": listing,
        "figures": figures_of(people_import),
        "columns": columns_of(people_import),
    }
    return render(request, "intake/import_preview.html", context)


@require_POST
@import_page
def confirm(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    people_import = _own_import(request, cohort, pk)
    # A second click finds it done, which is what was wanted.
    if people_import.done_at is None:
        try:
            carry_out(people_import=people_import, actor=request.user)
        except CannotImport as reason:
            messages.error(request, str(reason))
    return redirect("intake:import_preview", cohort.slug, pk)


@require_POST
@import_page
def discard(request: MemberRequest, *, cohort: Cohort, pk: int) -> HttpResponse:
    discard_import(people_import=_own_import(request, cohort, pk))
    messages.info(request, _("The upload was discarded. Nothing was imported."))
    return redirect("intake:import", cohort.slug)


@require_GET
@import_page
def template(request: MemberRequest, *, cohort: Cohort, form: str) -> HttpResponse:
    """A file with the headings and an example to write over."""
    if form not in FORMATS:
        raise Http404
    header = [str(field.label) for field in FIELDS]
    example = [shown_value(field.key, field.example) if field.example else "" for field in FIELDS]
    return download(name=_("people-template"), form=form, header=header, rows=[example])
