"""The desk: the pages of those who run or look after a cohort, as one menu. Each app lays its own pages on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from campus.cohorts.models import Cohort
from campus.people.models import Person


class Section(IntEnum):
    """The menu's headings, in their order."""

    PROGRESS = 1
    INTAKE = 2
    COHORT = 3
    CONTACT = 4
    RECORDS = 5

    @property
    def label(self) -> str | Promise:
        return _LABELS[self]


_LABELS = {
    Section.PROGRESS: pgettext_lazy("desk", "Progress"),
    Section.INTAKE: pgettext_lazy("desk", "Applications and invitations"),
    Section.COHORT: pgettext_lazy("desk", "Cohort"),
    Section.CONTACT: pgettext_lazy("desk", "Contact"),
    Section.RECORDS: pgettext_lazy("desk", "Records"),
}


@dataclass(frozen=True)
class DeskPage:
    """An entry of the menu: ``url_name`` takes the cohort's slug; shown to whom ``permission`` allows it."""

    section: Section
    position: int
    label: str | Promise
    url_name: str
    permission: str


_pages: list[DeskPage] = []


def lay_on_desk(*, section: Section, label: str | Promise, url_name: str, permission: str, position: int = 50) -> None:
    """Add a page to the menu; call it in the app's ``desk.py``, imported in ``AppConfig.ready``."""
    _pages.append(DeskPage(section, position, label, url_name, permission))
    _pages.sort(key=lambda page: (page.section, page.position, page.url_name))


@dataclass(frozen=True)
class Entry:
    label: str | Promise
    address: str


def _entries(person: Person, cohort: Cohort) -> Iterator[tuple[Section, Entry]]:
    """The pages that the person may see, in the menu's order; each right is asked only when its page is come to."""
    for page in _pages:
        if person.has_perm(page.permission, cohort):
            yield page.section, Entry(page.label, reverse(page.url_name, kwargs={"cohort": cohort.slug}))


def desk_of(person: Person, cohort: Cohort) -> list[tuple[str | Promise, list[Entry]]]:
    """The menu as the person may see it: headings with their entries; empty for those without any."""
    menu: dict[Section, list[Entry]] = {}
    for section, entry in _entries(person, cohort):
        menu.setdefault(section, []).append(entry)
    return [(section.label, entries) for section, entries in menu.items()]


def first_on_desk(person: Person, cohort: Cohort) -> str:
    """The address of the first page of the menu; empty for those without any."""
    return next((entry.address for _section, entry in _entries(person, cohort)), "")
