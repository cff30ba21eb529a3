"""The preview of an import: figures, what the columns mean, and each row with what is said about it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Value, When
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campus.cohorts.models import Role
from campus.intake.imports.columns import label_of
from campus.intake.imports.forms import RowFilter
from campus.intake.imports.planning import Outcome
from campus.intake.imports.remarks import Remark
from campus.intake.models import ImportRow, PeopleImport
from campus.ui.lists import Column, Listing
from campus.ui.templatetags.ui import chip

_KINDS = {
    Outcome.NEW: "success",
    Outcome.KNOWN: "success",
    Outcome.CHANGED: "info",
    Outcome.LEAVES: "warning",
    Outcome.REFUSED: "error",
}


def _said(remark: Remark) -> str:
    return f"{remark.heading}: {remark}" if remark.heading else str(remark)


def _remarks(row: ImportRow) -> list[Remark]:
    return [remark for kind in ("problems", "changes", "notes") for remark in row.remarks(kind)]


def _shown_remarks(row: ImportRow) -> Any:
    said = [(remark.heading, remark) for remark in _remarks(row)]
    lines = ((format_html("<strong>{}</strong> {}", heading, words) if heading else words,) for heading, words in said)
    return format_html_join("", "<div>{}</div>", lines)


def _shown_outcome(row: ImportRow) -> Any:
    outcome = Outcome(row.outcome)
    return chip(str(outcome.label), _KINDS.get(outcome, ""))


COLUMNS = [
    Column("number", pgettext_lazy("import", "Row"), lambda row: row.place, sort="number", is_short=True),
    Column("outcome", pgettext_lazy("import", "What happens"), lambda row: Outcome(row.outcome).label, _shown_outcome),
    Column(
        "remarks",
        gettext_lazy("Remarks"),
        lambda row: "\n".join(map(_said, _remarks(row))),
        _shown_remarks,
        is_long=True,
    ),
    Column("name", gettext_lazy("Full name"), lambda row: row.name, sort="name"),
    Column("email", gettext_lazy("Email address"), lambda row: row.email, sort="email"),
    Column("role", pgettext_lazy("import", "Role"), lambda row: Role(row.role).label, sort="role"),
    Column("classes", pgettext_lazy("import", "Class"), lambda row: ", ".join(row.values.get("classes", []))),
]


def preview_of(request: HttpRequest, people_import: PeopleImport) -> Listing:
    """The rows, those to be corrected first."""
    rows = people_import.rows.alias(is_fine=Case(When(outcome=Outcome.REFUSED, then=Value(False)), default=Value(True)))
    filters = RowFilter(request.GET)
    order = ["is_fine", "number"]
    return Listing(request, rows, columns=COLUMNS, name=_("import"), order=order, filters=filters)


@dataclass(frozen=True)
class Figure:
    label: str | Promise
    count: int


def figures_of(people_import: PeopleImport) -> list[Figure]:
    """How many rows do what; outcomes without any are left out."""
    counts = people_import.counts
    return [Figure(outcome.label, counts[outcome]) for outcome in Outcome if counts.get(outcome)]


def columns_of(people_import: PeopleImport) -> list[tuple[str, str]]:
    """Each heading of the file with what it was understood as, nothing where it is passed over."""
    return [(heading or "—", label_of(key) if key else "") for heading, key in people_import.columns]
