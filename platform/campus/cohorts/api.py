"""Cohorts in the API: only those that the caller takes part in exist."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Path, Query, Router, Schema

from campus.cohorts.models import Cohort, Enrolment, Titled
from campus.paging import Page, PageQuery, cut
from campus.people.api import MAY_READ, person_of
from campus.people.models import Person
from campus.problems import ApiProblem, may_fail_with

router = Router(tags=["cohorts"])
CohortSlug = Annotated[str, Path(description="Slug of the cohort.")]


class Text(Schema):
    """A text in both languages."""

    ja: str = Field(description="Japanese.")
    en: str = Field(description="English; falls back to the Japanese where there is none.")


def both(titled: Titled) -> Text:
    """The title in both languages."""
    return Text(ja=titled.title_ja, en=titled.title_en or titled.title_ja)


class EnrolmentOut(Schema):
    """One of the caller's roles in the cohort."""

    role: str = Field(description="learner, facilitator, mentor, organiser or alumni.")
    state: str = Field(description="active or completed.")
    study_class: str | None = Field(default=None, description="Name of the class, for learners who are in one.")
    shown_name: str = Field(description="The name that leaderboards show.")


class CohortOut(Schema):
    """A cohort that the caller takes part in."""

    slug: str = Field(description="Name of the cohort in addresses.")
    title: Text = Field(description="Title.")
    programme: Text = Field(description="Title of the programme that the cohort is a run of.")
    starts_on: date = Field(description="First day.")
    ends_on: date = Field(description="Last day.")
    time_zone: str = Field(description="IANA name; daily limits begin at its midnight.")
    enrolments: list[EnrolmentOut] = Field(description="The caller's roles here.")


def cohort_or_404(request: HttpRequest, slug: str) -> Cohort:
    """The cohort, for those who take part in it; for everybody else it does not exist."""
    cohort = Cohort.objects.select_related("programme").filter(slug=slug).first()
    if cohort is None or not request.user.has_perm("cohorts.view_cohort", cohort):
        raise ApiProblem(404, "cohort_not_found", _("There is no such cohort, or you are not in it."))
    return cohort


def _roles(person: Person, cohorts: list[Cohort]) -> dict[int, list[EnrolmentOut]]:
    """The person's roles by cohort id, in one query."""
    found: dict[int, list[EnrolmentOut]] = {cohort.pk: [] for cohort in cohorts}
    mine = Enrolment.objects.of(person).filter(cohort__in=cohorts).select_related("person", "study_class")
    for one in mine.order_by("enrolled_at"):
        study_class = one.study_class.name if one.study_class else None
        found[one.cohort_id].append(
            EnrolmentOut(role=one.role, state=one.state, study_class=study_class, shown_name=one.shown_name)
        )
    return found


def _told(person: Person, cohorts: list[Cohort]) -> list[CohortOut]:
    roles = _roles(person, cohorts)
    return [
        CohortOut(
            slug=cohort.slug,
            title=both(cohort),
            programme=both(cohort.programme),
            starts_on=cohort.starts_on,
            ends_on=cohort.ends_on,
            time_zone=cohort.time_zone,
            enrolments=roles[cohort.pk],
        )
        for cohort in cohorts
    ]


@router.get(
    "/cohorts",
    auth=MAY_READ,
    operation_id="list_cohorts",
    summary="My cohorts",
    response={200: Page[CohortOut], **may_fail_with(401, 403, 422, 429)},
)
def list_cohorts(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """The cohorts that the caller takes part in, the latest first."""
    cohorts, place = cut(Cohort.objects.of(person_of(request)).select_related("programme"), query)
    return {"items": _told(person_of(request), cohorts), **place}


@router.get(
    "/cohorts/{slug:cohort}",
    auth=MAY_READ,
    operation_id="get_cohort",
    summary="A cohort",
    response={200: CohortOut, **may_fail_with(401, 403, 404, 429)},
)
def get_cohort(request: HttpRequest, cohort: CohortSlug) -> CohortOut:
    """One cohort that the caller takes part in."""
    return _told(person_of(request), [cohort_or_404(request, cohort)])[0]
