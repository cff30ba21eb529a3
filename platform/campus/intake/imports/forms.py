"""The form by which a table of people is uploaded, and what narrows its preview."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import Role
from campus.intake.imports.planning import Outcome
from campus.intake.imports.values import ROLES
from campus.ui.lists import Filter

LARGEST_FILE = 10 * 1024 * 1024


class UploadForm(forms.Form):
    """A CSV or xlsx file, and the role of those for whom it names none."""

    file = forms.FileField(
        label=_("File with people"),
        allow_empty_file=True,  # An empty file is explained by the reader, like every other fault.
        error_messages={"required": _("Choose the file to import.")},
        widget=forms.FileInput({"accept": ".csv,.xlsx,.zip,text/csv"}),
        help_text=_(
            "CSV (UTF-8 or Shift_JIS), Excel (.xlsx) or a OneRoster 1.2 package (.zip), up to 10,000 people. Nothing "
            "is imported yet."
        ),
    )
    default_role = forms.ChoiceField(
        label=_("Role for people without one in the file"),
        choices=[(role.value, role.label) for role in ROLES],
        initial=Role.LEARNER,
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        size = file.size or 0
        if size > LARGEST_FILE:
            raise forms.ValidationError(
                _("The file is too large (%(size)s). Up to %(limit)s can be imported. Split it into several files."),
                params={"size": filesizeformat(size), "limit": filesizeformat(LARGEST_FILE)},
            )
        return file


class RowFilter(Filter):
    """Rows by what happens with them, or by name and address."""

    outcome = forms.ChoiceField(
        label=pgettext_lazy("import", "What happens"), choices=[("", pgettext_lazy("import", "All")), *Outcome.choices]
    )
    search = forms.CharField(label=_("Name or email"), max_length=100)

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that fit both."""
        if outcome := self.cleaned_data["outcome"]:
            rows = rows.filter(outcome=outcome)
        if search := self.cleaned_data["search"].strip():
            rows = rows.filter(Q(name__icontains=search) | Q(email__icontains=search))
        return rows
