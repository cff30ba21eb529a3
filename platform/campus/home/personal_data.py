"""What the first page holds of a person."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.home.models import FirstPage
from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold


def _rows(person: Person) -> Iterator[Row]:
    rows = FirstPage.objects.filter(person=person)
    yield from rows.values("put_away", "stay_began_at", "stay_before_at")


def _erase(person: Person) -> None:
    FirstPage.objects.filter(person=person).delete()


hold(
    Holding(
        name="first_page",
        label=pgettext_lazy("data held", "When you visited the home page, and which first steps you hid"),
        rows=_rows,
        erase=_erase,
        gone=_("Deleted."),
    )
)
