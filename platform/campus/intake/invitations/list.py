"""The list of invitations: everybody who was selected or imported, with what became of the invitation."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Case, CharField, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campus.cohorts.models import Cohort, Enrolment, EnrolmentState, Role
from campus.intake.imports.values import ROLES
from campus.intake.models import InvitationState
from campus.notices.models import DeadAddress, MailState
from campus.ui.lists import Column, Filter, Listing
from campus.ui.templatetags.ui import chip, local_time

KINDS = {
    InvitationState.ACCEPTED: "success",
    InvitationState.BOUNCED: "error",
    InvitationState.EXPIRED: "warning",
    InvitationState.SENT: "info",
    InvitationState.OPENED: "info",
}
BEGUN = [EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.COMPLETED]


def invited_or_not(cohort: Cohort) -> QuerySet[Any]:
    """The cohort's people who may be invited or were, with ``invitation_state`` and ``times``."""
    rows = Enrolment.objects.filter(cohort=cohort, person__is_active=True)
    rows = rows.filter(Q(state=EnrolmentState.SELECTED) | Q(invitation__isnull=False))
    rows = rows.exclude(state__in=[EnrolmentState.APPLIED, EnrolmentState.WITHDRAWN])
    return rows.annotate(
        invitation_state=_state(), times=Coalesce("invitation__number", 0, output_field=IntegerField())
    )


def _state() -> Case:
    """The first that holds."""
    mail = "invitation__mail__state__in"
    conditions = [
        (Q(invitation__accepted_at__isnull=False) | Q(state__in=BEGUN), InvitationState.ACCEPTED),
        (Q(invitation=None), InvitationState.NONE),
        (Q(**{mail: [MailState.BOUNCED, MailState.FAILED]}), InvitationState.BOUNCED),
        (Q(invitation__expires_at__lte=timezone.now()), InvitationState.EXPIRED),
        (Q(invitation__opened_at__isnull=False), InvitationState.OPENED),
        (Q(**{mail: [MailState.WAITING, MailState.SENDING]}), InvitationState.QUEUED),
    ]
    return Case(
        *(When(condition, then=Value(state.value)) for condition, state in conditions),
        default=Value(InvitationState.SENT.value),
        output_field=CharField(),
    )


@dataclass(frozen=True)
class Figure:
    state: InvitationState
    count: int


def figures_of(cohort: Cohort) -> list[Figure]:
    """How many people are in each state, in one query."""
    rows = invited_or_not(cohort).values_list("invitation_state").annotate(Count("pk")).order_by()
    counts: dict[str, int] = dict(rows)
    return [Figure(state, counts[state]) for state in InvitationState if counts.get(state)]


class InvitationFilter(Filter):
    """By state, role, class, name or address."""

    state = forms.ChoiceField(
        label=pgettext_lazy("invitation", "Invitation"),
        choices=[("", pgettext_lazy("filter", "All")), *InvitationState.choices],
    )
    role = forms.ChoiceField(
        label=pgettext_lazy("import", "Role"),
        choices=[("", pgettext_lazy("filter", "All")), *((role.value, role.label) for role in ROLES)],
    )
    search = forms.CharField(label=gettext_lazy("Name or email"), max_length=100)

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The people that fit all of it."""
        if state := self.cleaned_data["state"]:
            rows = rows.filter(invitation_state=state)
        if role := self.cleaned_data["role"]:
            rows = rows.filter(role=role)
        if search := self.cleaned_data["search"].strip():
            rows = rows.filter(Q(person__name__icontains=search) | Q(person__email__icontains=search))
        return rows


def invitations(request: HttpRequest, *, cohort: Cohort, query: QueryDict | None = None) -> Listing:
    """The list as the address asks for it, or as another query string does."""
    rows = invited_or_not(cohort).select_related("person", "study_class", "invitation__mail")
    return Listing(
        request,
        rows,
        columns=_columns(cohort),
        name=_("invitations"),
        order=["person__name", "pk"],
        filters=InvitationFilter(query if query is not None else request.GET),
        selectable=True,
    )


def _columns(cohort: Cohort) -> list[Column]:
    def link(row: Any) -> Any:
        address = reverse("intake:invitation", args=[cohort.slug, row.pk])
        return format_html('<a href="{}">{}</a>', address, row.person.name)

    return [
        Column("name", gettext_lazy("Full name"), lambda row: row.person.name, link, sort="person__name"),
        Column("email", gettext_lazy("Email address"), lambda row: row.person.email, sort="person__email"),
        Column("role", pgettext_lazy("import", "Role"), lambda row: Role(row.role).label, sort="role"),
        Column("class", pgettext_lazy("import", "Class"), lambda row: row.study_class and row.study_class.name),
        Column("state", pgettext_lazy("invitation", "Invitation"), _state_label, _shown_state, sort="invitation_state"),
        Column("times", gettext_lazy("Times sent"), lambda row: row.times, sort="times", is_number=True),
        Column("sent", gettext_lazy("Last sent"), _queued_at, _shown_queued_at, sort="invitation__queued_at"),
    ]


def _state_label(row: Any) -> Any:
    return InvitationState(row.invitation_state).label


def _shown_state(row: Any) -> Any:
    state = InvitationState(row.invitation_state)
    return chip(str(state.label), KINDS.get(state, ""))


def _queued_at(row: Any) -> Any:
    return row.invitation.queued_at if row.times else None


def _shown_queued_at(row: Any) -> str:
    return local_time(row.invitation.queued_at) if row.times else ""


@dataclass
class Bulk:
    """Who is meant by a request to invite."""

    rows: Sequence[Any]

    @cached_property
    def open(self) -> list[Any]:
        """Those who have not accepted."""
        return [row for row in self.rows if row.invitation_state != InvitationState.ACCEPTED]

    @cached_property
    def wanted(self) -> list[Any]:
        """Those who get a mail: nothing is sent to where mail came back from for good."""
        addresses = [row.person.email for row in self.open]
        dead = set(DeadAddress.objects.among(addresses).values_list("address", flat=True))
        return [row for row in self.open if row.person.email.lower() not in dead]

    @property
    def seen(self) -> dict[int, int]:
        """Ids and how often they were invited, as ``invite`` takes them."""
        return {row.pk: row.times for row in self.wanted}

    @property
    def digest(self) -> str:
        text = ",".join(f"{pk}:{times}" for pk, times in sorted(self.seen.items()))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def first_time(self) -> int:
        return sum(not row.times for row in self.wanted)

    @property
    def again(self) -> int:
        return len(self.wanted) - self.first_time

    @property
    def accepted(self) -> int:
        """How many are passed over."""
        return len(self.rows) - len(self.open)

    @property
    def came_back(self) -> int:
        """How many are not written to before their address is corrected."""
        return len(self.open) - len(self.wanted)


def bulk_of(request: HttpRequest, *, cohort: Cohort, scope: str, query: str) -> Bulk:
    """The people that the request means: checked rows, or all that the filters in ``query`` leave."""
    rows = invitations(request, cohort=cohort, query=QueryDict(query)).rows
    if scope != "all":
        rows = rows.filter(pk__in=[pk for pk in request.POST.getlist("selected") if pk.isdigit()])
    return Bulk(list(rows.filter(state__in=[EnrolmentState.SELECTED, *BEGUN])))
