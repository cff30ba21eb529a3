"""What cases hold of a person: more time that was granted, and the choice of cases."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cases.models import CaseChoice, Extension
from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold


def _extensions(person: Person) -> Iterator[Row]:
    mine = Extension.objects.filter(enrolment__person=person).order_by("pk")
    yield from mine.values("step__key", "closes_at", "reason", "granted_at")


def _choices(person: Person) -> Iterator[Row]:
    for one in CaseChoice.objects.filter(enrolment__person=person).select_related("cohort_case__case_version"):
        yield {"case": str(one.cohort_case), "chosen_at": one.chosen_at}


hold(
    Holding(
        name="extensions",
        label=pgettext_lazy("data held", "Extensions you were given"),
        rows=_extensions,
        erase=lambda person: Extension.objects.filter(enrolment__person=person).update(reason="—"),
        gone=_("The reason is deleted."),
        kept=_("The later deadline, without your name: it decides whether work was on time."),
    )
)
hold(
    Holding(
        name="cases",
        label=pgettext_lazy("data held", "The cases you chose"),
        rows=_choices,
        gone=_("Your name disappears from them."),
        kept=_("The choice, without your name: it says which steps counted."),
    )
)
