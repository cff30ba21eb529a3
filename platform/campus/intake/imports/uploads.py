"""What an upload comes to, whatever kind of file it is: its rows as plans, and how its columns were understood."""

from dataclasses import dataclass, field

from campus.cohorts.models import Cohort
from campus.intake.imports.columns import fields_of
from campus.intake.imports.oneroster.package import is_package, read_package
from campus.intake.imports.oneroster.people import COLUMNS, KnownIds, Roster, plans_of
from campus.intake.imports.planning import Plan, clean_rows
from campus.intake.imports.reading import read_table
from campus.intake.imports.remarks import Remark


@dataclass(frozen=True)
class Upload:
    """``classes``: of a roster, the names of those that its people are in, by sourcedId; the import may make them."""

    plans: list[Plan]
    columns: list[list[str]]
    notes: list[Remark]
    classes: dict[str, str] = field(default_factory=dict)


def read_upload(data: bytes, *, cohort: Cohort, default_role: str) -> Upload:
    """Read a table of people or a OneRoster package; raise Unreadable."""
    return _roster(data, cohort, default_role) if is_package(data) else _table(data, default_role)


def _table(data: bytes, default_role: str) -> Upload:
    table = read_table(data)
    fields = fields_of(table.headings)
    plans = clean_rows(table.rows, headings=table.headings, fields=fields, default_role=default_role)
    columns = [[heading, one.key if one else ""] for heading, one in zip(table.headings, fields, strict=True)]
    return Upload(plans, columns, table.notes)


def _roster(data: bytes, cohort: Cohort, default_role: str) -> Upload:
    package = read_package(data)
    roster = Roster.of(package, known=KnownIds.read(cohort), default_role=default_role)
    plans = plans_of(roster)
    used = {name for plan in plans for name in plan.classes}
    classes = {sourced_id: name for sourced_id, name in roster.classes.items() if name in used}
    return Upload(plans, [list(pair) for pair in COLUMNS], package.notes, classes)
