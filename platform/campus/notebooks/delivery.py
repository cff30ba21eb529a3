"""What a person finds in the own notebook: a folder for each case, with its data and the first notebooks."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Min

from campus.cases.choosing import cases_of
from campus.cases.files import PUBLIC
from campus.cases.models import CaseVersion, CohortCase
from campus.cohorts.models import Enrolment
from campus.cohorts.rules import STAFF_ROLES
from campus.people.models import Person


@dataclass(frozen=True)
class Delivery:
    """A case of the person. ``folder`` is one path component, and stays the same for good."""

    cohort_case: CohortCase
    folder: str
    starters: Path | None

    @property
    def data(self) -> Path:
        """The files that learners may see; nothing else of the case."""
        return self.cohort_case.case_version.path / PUBLIC

    @property
    def first_notebook(self) -> str:
        """Where to begin, below the home folder; empty where the case has no notebooks."""
        names = sorted(one.name for one in self.starters.glob("*.ipynb")) if self.starters else []
        return f"{self.folder}/{names[0]}" if names else ""


def deliveries_of(person: Person) -> list[Delivery]:
    """The person's cases, those of the latest cohort first: a learner's own ones, for staff all of the cohort."""
    wanted = _works_on(person)
    if not wanted:
        return []
    cases = CohortCase.objects.select_related("cohort", "case_version").filter(pk__in=wanted)
    folders = _folders(person)
    latest_first = sorted(cases.order_by("position", "slug"), key=lambda one: one.cohort.starts_on, reverse=True)
    return [Delivery(one, folders[one.pk], _starters(one.case_version, person.language)) for one in latest_first]


def delivery_of(person: Person, case: CohortCase) -> Delivery | None:
    """The folder of one case; None where the person doesn't work on it."""
    return next((one for one in deliveries_of(person) if one.cohort_case.pk == case.pk), None)


def _works_on(person: Person) -> set[int]:
    """Ids of the cases."""
    enrolments = list(Enrolment.objects.of(person))
    looked_after = {one.cohort_id for one in enrolments if one.role in STAFF_ROLES}
    found = set(CohortCase.objects.filter(cohort__in=looked_after).values_list("pk", flat=True))
    return found.union(*cases_of(enrolments).values())


def _folders(person: Person) -> dict[int, str]:
    """Names by id of the case. The cohort that the person came to first has the short name, also after leaving it:
    a name never passes from one case to another, because work lies in the folder."""
    everywhere = CohortCase.objects.filter(cohort__enrolments__person=person).select_related("cohort")
    in_order = everywhere.annotate(since=Min("cohort__enrolments__pk")).order_by("since", "pk")
    names: dict[int, str] = {}
    for case in in_order:
        possible = (case.slug, f"{case.slug}-{case.cohort.slug}", f"{case.slug}-{case.pk}")
        names[case.pk] = next(name for name in possible if name not in names.values())
    return names


def _starters(version: CaseVersion, language: str) -> Path | None:
    """The folder with the first notebooks in the person's language, else in the other one.

    A pack may bring them along; those of the project's own cases lie apart, so that they can change without a version.
    """
    places = (version.path / "pack" / "starters", Path(settings.STARTER_SOURCES) / version.slug)
    folders = [place / wanted for place in places for wanted in (language, "ja", "en")]
    return next((folder for folder in folders if folder.is_dir()), None)
