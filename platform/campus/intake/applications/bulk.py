"""A decision for many: first how many it changes, then, if nothing changed meanwhile, the decision."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from campus.cohorts.models import Cohort
from campus.intake.applications.list import applicants
from campus.intake.applications.overview import Overview
from campus.intake.models import Application, Decision


@dataclass(frozen=True)
class Group:
    """How many of those chosen had the same decision so far."""

    decision: Decision
    count: int


@dataclass(frozen=True)
class Bulk:
    """Who is meant by a request, and what the decision would do with them."""

    decision: Decision
    rows: Sequence[Application]

    @property
    def seen(self) -> dict[int, int]:
        """Ids and revisions, as ``decide_many`` takes them."""
        return {row.pk: row.revision for row in self.rows}

    @property
    def digest(self) -> str:
        """Tells whether the same people in the same revision are meant."""
        text = ",".join(f"{pk}:{revision}" for pk, revision in sorted(self.seen.items()))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def groups(self) -> list[Group]:
        """Those whose decision changes, by the decision so far."""
        counts = {decision: sum(row.decision == decision for row in self.changing) for decision in Decision}
        return [Group(decision, count) for decision, count in counts.items() if count]

    @property
    def changing(self) -> list[Application]:
        return [row for row in self.rows if not row.is_final and row.decision != self.decision]

    def followed_by(self, overview: Overview) -> Overview:
        """How the call would stand then, as far as places go."""
        more = len(self.changing) if self.decision == Decision.SELECTED else 0
        return replace(overview, selected=overview.selected + more)

    @property
    def final(self) -> int:
        """How many can't be changed: told of a place, or withdrawn."""
        return sum(row.is_final for row in self.rows)

    @property
    def same(self) -> int:
        """How many have the decision already."""
        return len(self.rows) - self.final - len(self.changing)


def bulk_of(request: HttpRequest, *, cohort: Cohort, decision: str, scope: str, query: str) -> Bulk:
    """The people that the request means: checked rows, or all that the filters in ``query`` leave."""
    rows: QuerySet[Any] = applicants(request, cohort=cohort, query=QueryDict(query)).rows
    if scope != "all":
        rows = rows.filter(pk__in=[pk for pk in request.POST.getlist("selected") if pk.isdigit()])
    plain = Application.objects.filter(pk__in=rows.values("pk")).select_related("enrolment").order_by("pk")
    return Bulk(Decision(decision), list(plain))
