"""What intake keeps: imports between upload and confirmation."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from campus.cohorts.models import Cohort, Role
from campus.intake.imports.planning import Outcome, Plan
from campus.intake.imports.remarks import Remark

# An upload holds personal data: what is not confirmed by then is deleted.
KEEP_IMPORTS = timedelta(hours=24)


def when_an_import_expires() -> Any:
    return timezone.now() + KEEP_IMPORTS


class PeopleImportQuerySet(models.QuerySet["PeopleImport"]):
    def pending(self) -> "PeopleImportQuerySet":
        """Neither done nor expired."""
        return self.filter(done_at=None, expires_at__gt=timezone.now())


class PeopleImport(models.Model):
    """An uploaded table of people, seen by its owner alone. Once it is done only the counts stay."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="people_imports")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    default_role = models.CharField(max_length=20, choices=Role)
    columns = models.JSONField(default=list, help_text="Pairs: heading in the file, key of the field or nothing")
    notes = models.JSONField(default=list, help_text="Remarks about the file")
    counts = models.JSONField(default=dict, help_text="Rows by outcome")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=when_an_import_expires)
    done_at = models.DateTimeField(null=True)

    objects = PeopleImportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["expires_at"])]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def refused(self) -> int:
        return int(self.counts.get(Outcome.REFUSED, 0))

    @property
    def does_something(self) -> bool:
        """Whether any row would change anything."""
        return any(self.counts.get(outcome) for outcome in (Outcome.NEW, Outcome.KNOWN, Outcome.CHANGED))

    @property
    def remarks(self) -> list[Remark]:
        return [Remark.from_json(kept) for kept in self.notes]


class ImportRow(models.Model):
    """A row of an import with what will be done."""

    people_import = models.ForeignKey(PeopleImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="As the spreadsheet counts")
    email = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, choices=Role)
    values = models.JSONField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    problems = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    notes = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["people_import", "number"], name="import_row_unique")]

    def __str__(self) -> str:
        return f"row {self.number}"

    @classmethod
    def of(cls, plan: Plan, people_import: PeopleImport) -> "ImportRow":
        """The row as it is kept."""
        row = cls(
            people_import=people_import,
            number=plan.number,
            email=plan.email,
            name=plan.values.get("name", ""),
            role=plan.role,
            values=plan.values,
            outcome=plan.outcome,
        )
        for kind in ("problems", "changes", "notes"):
            setattr(row, kind, [remark.to_json() for remark in getattr(plan, kind)])
        return row

    def as_plan(self) -> Plan:
        """The cleaned values, to be planned again; what was said of the cells when they were read is kept."""
        return Plan(self.number, self.values)

    def remarks(self, kind: str) -> list[Remark]:
        return [Remark.from_json(kept) for kept in getattr(self, kind)]
