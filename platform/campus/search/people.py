"""Finding people, by what the seeker sees of each and by nothing else.

As `viewer_of` (cohorts/viewers.py) says it of one person, here for all of a cohort in one query. Who shows a nickname
to fellow learners, in the discussion or on leaderboards, is found and shown to them by that nickname alone.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse

from campus.cohorts.models import TAKES_PART, Enrolment, EnrolmentState, Role
from campus.cohorts.queries import people_looked_after
from campus.cohorts.rules import is_facilitator, is_organiser, roles_of
from campus.discussion.models import Voice
from campus.people.profile_fields import Viewer
from campus.people.visibility import FOUND_BY, found_by, shown
from campus.search.found import Asker, Found
from campus.ui.folded import squeeze

# Shown as the title, or of no use beside it.
_NOT_BESIDE = {"name", "alias"}


def enrolments(asker: Asker) -> QuerySet[Enrolment]:
    """Who has all terms in what the seeker sees of them, with ``is_near`` and ``is_hidden``, by name."""
    rows = Enrolment.objects.filter(cohort=asker.cohort).select_related("person__profile", "study_class")
    rows = rows.annotate(is_near=_flag(_near(asker)), is_hidden=_flag(_hides_name()))
    rows = rows.filter(_may_be_found(asker))
    for term in asker.terms:
        rows = rows.filter(_has(squeeze(term), _viewer(asker)))
    # By the name that is shown: the order would give the other away.
    by_alias = Case(When(is_near=False, is_hidden=True, then=F("person__alias")), default=F("person__name"))
    return rows.order_by(by_alias, "pk")


def drawn(asker: Asker, rows: Sequence[Any]) -> list[Found]:
    wanted = [row.pk for row in rows]
    has_page = set(people_looked_after(asker.person, asker.cohort).filter(pk__in=wanted).values_list("pk", flat=True))
    return [_drawn(asker, row, has_page=row.pk in has_page) for row in rows]


def _drawn(asker: Asker, row: Any, *, has_page: bool) -> Found:
    context = [str(Role(row.role).label)]
    if row.study_class:
        context.append(row.study_class.name)
    if not row.is_near and row.is_hidden:
        return Found(row.person.alias, "", context)
    viewer = _viewer(asker) if row.is_near else Viewer.FELLOW
    beside = (shown(key, of=row.person, viewer=viewer) for key in FOUND_BY if key not in _NOT_BESIDE)
    alias = shown("alias", of=row.person, viewer=viewer) if row.is_near else ""
    address = reverse("cohorts:person", args=[asker.cohort.slug, row.pk]) if has_page else ""
    return Found(row.person.name, address, [*context, *filter(None, [alias, *beside])])


def _viewer(asker: Asker) -> Viewer:
    """How near the seeker stands to those who are near."""
    return Viewer.ORGANISER if is_organiser(asker.person, asker.cohort) else Viewer.STAFF


def _near(asker: Asker) -> Q:
    """To whom the seeker stands nearer than a fellow."""
    roles = roles_of(asker.person, asker.cohort)
    if roles & {Role.ORGANISER, Role.MENTOR}:
        return Q(pk__isnull=False)
    if is_facilitator(asker.person, asker.cohort):
        return ~Q(role=Role.LEARNER) | Q(pk__in=people_looked_after(asker.person, asker.cohort).values("pk"))
    return Q(pk__isnull=True)


def _may_be_found(asker: Asker) -> Q:
    """Applicants are known to organisers alone, who has left to those near."""
    if is_organiser(asker.person, asker.cohort):
        return Q(pk__isnull=False)
    known = Q(is_near=True) & ~Q(state=EnrolmentState.APPLIED)
    return Q(person__is_active=True) & (known | Q(state__in=TAKES_PART))


def _hides_name() -> Q:
    in_talk = Exists(Voice.objects.filter(person=OuterRef("person"), cohort=OuterRef("cohort"), uses_alias=True))
    return ~Q(person__alias="") & (Q(uses_alias=True) | Q(in_talk))


def _has(term: str, viewer: Viewer) -> Q:
    """The term stands in what is seen of the person: much by who is near, of a nickname nothing else."""
    near = Q(is_near=True) & found_by(term, viewer=viewer)
    by_alias = Q(is_near=False, is_hidden=True) & found_by(term, viewer=Viewer.FELLOW, keys=["alias"])
    by_name = [key for key in FOUND_BY if key != "alias"]
    return near | by_alias | Q(is_near=False, is_hidden=False) & found_by(term, viewer=Viewer.FELLOW, keys=by_name)


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
