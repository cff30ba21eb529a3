"""The lists of badges: a cohort's, those who hold one, and who would get one."""

from collections.abc import Sequence
from operator import attrgetter

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campus.badges.candidates import Candidate
from campus.badges.forms import AwardFilter, CandidateFilter
from campus.badges.models import Achievement, Award
from campus.cohorts.models import Cohort
from campus.ui.lists import Column, Listing, MemoryListing, TextFilter
from campus.ui.templatetags.ui import chip, local_date


def state_of(award: Award) -> tuple[str, str]:
    """How a badge stands, in words, and the kind of its chip."""
    if award.is_revoked:
        return pgettext("award", "Revoked"), "error"
    if award.is_expired:
        return pgettext("award", "Expired"), "warning"
    return pgettext("award", "In force"), "success"


def achievements(request: HttpRequest, cohort: Cohort) -> Listing:
    """The cohort's badges, in the order in which they were made."""

    def drawn(one: Achievement) -> str:
        picture, address = one.version.picture_path, reverse("badges:achievement", args=[cohort.slug, one.pk])
        words = (
            '<span class="cluster"><img class="badge-picture small" src="{}" alt="" width="64" height="64">'
            '<a href="{}">{}</a></span>'
        )
        return format_html(words, picture, address, one.name)

    columns = [
        Column("badge", _("Badge"), attrgetter("name"), cell=drawn),
        Column("rule", _("Who earns it"), lambda one: one.get_rule_display(), sort="rule"),
        Column("issued", pgettext("badges", "Issued"), attrgetter("issued"), sort="issued", is_number=True),
        Column("revoked", pgettext("badges", "Revoked"), attrgetter("revoked"), sort="revoked", is_number=True),
    ]
    return Listing(
        request,
        Achievement.objects.with_counts().filter(cohort=cohort),
        columns=columns,
        name=f"badges-{cohort.slug}",
        order=["made_at", "pk"],
        filters=TextFilter(request.GET, label=_("Badge"), within=["current__name_ja", "current__name_en"]),
    )


def holders(request: HttpRequest, achievement: Achievement) -> Listing:
    """All who were given the badge, with the facts that an export needs."""
    slug = achievement.cohort.slug

    def link(award: Award) -> str:
        return format_html('<a href="{}">{}</a>', reverse("badges:award", args=[slug, award.pk]), award.person.name)

    columns = [
        Column("name", _("Name"), attrgetter("person.name"), cell=link, sort="person__name"),
        Column("on_badge", _("Name on the badge"), attrgetter("name")),
        Column("roman", _("Name in Latin letters"), attrgetter("name_roman"), on_page=False),
        Column(
            "issued", _("Issued"), attrgetter("issued_at"), cell=lambda one: local_date(one.issued_at), sort="issued_at"
        ),
        Column("expires", _("Expires"), attrgetter("expires_at"), on_page=False),
        Column("version", _("Version"), attrgetter("version.number"), is_number=True),
        Column(
            "state", pgettext("award", "State"), lambda one: state_of(one)[0], cell=lambda one: chip(*state_of(one))
        ),
        Column("revoked", _("Revoked on"), attrgetter("revoked_at"), on_page=False),
        Column("reason", _("Reason"), attrgetter("revoke_reason"), on_page=False),
        Column("address", _("Address of the badge"), lambda one: request.build_absolute_uri(one.path), on_page=False),
    ]
    return Listing(
        request,
        achievement.awards.issued().select_related("person", "version"),
        columns=columns,
        name=f"badge-{achievement.pk}",
        order=["person__name", "pk"],
        filters=AwardFilter(request.GET),
    )


def candidates(request: HttpRequest, achievement: Achievement, rows: Sequence[Candidate]) -> MemoryListing:
    """Who would get it, those who do first."""
    columns = [
        Column("name", _("Name"), attrgetter("enrolment.person.name")),
        Column("class", _("Class"), lambda one: one.enrolment.study_class.name if one.enrolment.study_class else ""),
        Column(
            "outcome",
            _("Result"),
            attrgetter("outcome.label"),
            cell=lambda one: chip(one.outcome.label, one.outcome.tone),
        ),
        Column("why", _("What is missing"), attrgetter("why")),
    ]
    ordered = sorted(rows, key=lambda one: not one.gets)
    return MemoryListing(
        request,
        ordered,
        columns=columns,
        name=f"badge-preview-{achievement.pk}",
        order=[],
        filters=CandidateFilter(request.GET),
    )
