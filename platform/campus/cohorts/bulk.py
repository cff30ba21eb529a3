"""What can be done with several people of a cohort at once: each app offers its own actions below the list of people.

Each action is a page that gets the selection, shows what it would do, and does it when it is sent with ``save``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _

from campus.cohorts.access import MemberRequest, View, desk_page
from campus.cohorts.models import Cohort, Enrolment
from campus.cohorts.people_filter import PeopleFilter
from campus.cohorts.queries import people_looked_after
from campus.people.models import Person

SELECTED, EVERYBODY, FILTER = "selected", "everybody", "filter"
# More ticks than a page of the list has; everybody is asked for by the filter instead.
MOST_TICKED = 500


@dataclass(frozen=True)
class BulkAction:
    """A button below the list of people; shown to whom ``permission`` allows it in the cohort."""

    label: str | Promise
    url_name: str
    permission: str
    position: int = 50


_actions: list[BulkAction] = []


def offer_bulk_action(action: BulkAction) -> None:
    """Register an action; call it in the app's ``desk.py``, imported in ``AppConfig.ready``."""
    _actions.append(action)
    _actions.sort(key=lambda one: one.position)


def bulk_actions(person: Person, cohort: Cohort) -> list[tuple[BulkAction, str]]:
    """The actions that the person may take, with their addresses."""
    return [
        (action, reverse(action.url_name, kwargs={"cohort": cohort.slug}))
        for action in _actions
        if person.has_perm(action.permission, cohort)
    ]


class Selection:
    """Those who were ticked in the list, or everybody whom its filters leave; never more than the reader may see."""

    def __init__(self, request: HttpRequest, *, person: Person, cohort: Cohort) -> None:
        self._data: QueryDict = request.POST if request.method == "POST" else request.GET
        self._person, self._cohort = person, cohort

    @property
    def is_everybody(self) -> bool:
        return bool(self._data.get(EVERYBODY))

    @cached_property
    def rows(self) -> QuerySet[Enrolment]:
        """The enrolments, with person and cohort."""
        seen = people_looked_after(self._person, self._cohort)
        if self.is_everybody:
            filters = PeopleFilter(QueryDict(self._data.get(FILTER, "")), cohort=self._cohort, person=self._person)
            # What can't be understood selects nobody: it must not become everybody.
            seen = filters.narrow(seen) if filters.is_valid() else seen.none()
        else:
            seen = seen.filter(pk__in=self._ticked)
        return seen.select_related("person", "cohort").order_by("pk")

    @property
    def _ticked(self) -> list[int]:
        return [int(pk) for pk in self._data.getlist(SELECTED)[:MOST_TICKED] if pk.isdecimal() and len(pk) < 18]

    @cached_property
    def count(self) -> int:
        return self.rows.count()

    @cached_property
    def sample(self) -> list[Enrolment]:
        """The first few, by name, for the page."""
        return list(self.rows.order_by("person__name", "pk")[:10])

    @property
    def more(self) -> int:
        return self.count - len(self.sample)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Names and values of hidden fields that bring the same selection back."""
        if self.is_everybody:
            return [(EVERYBODY, "1"), (FILTER, self._data.get(FILTER, ""))]
        return [(SELECTED, str(pk)) for pk in self._ticked]


def bulk_page(permission: str) -> Callable[[View], View]:
    """A desk page that hands the view its selection; without anybody it leads back to the list."""

    def decorate(view: View) -> View:
        @desk_page(permission)
        @wraps(view)
        def guarded(request: MemberRequest, *, cohort: Cohort, **kwargs: Any) -> HttpResponseBase:
            selection = Selection(request, person=request.user, cohort=cohort)
            if not selection.count:
                messages.warning(request, _("Nobody is chosen. Tick people in the list first."))
                return redirect("cohorts:people", cohort=cohort.slug)
            return view(request, cohort=cohort, selection=selection, **kwargs)

        return guarded

    return decorate
