"""What notebooks hold of a person."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.notebooks.models import Visit
from campus.notebooks.sign_on import end_sign_ons
from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold


def _visits(person: Person) -> Iterator[Row]:
    for visit in Visit.objects.to(person):
        yield {"by": visit.visitor.name, "from": visit.began_at, "until": visit.last_at}


def _erase(person: Person) -> None:
    Visit.objects.filter(owner=person).delete()
    end_sign_ons(person)


hold(
    Holding(
        name="notebook-visits",
        label=pgettext_lazy("data held", "Who opened your notebook, and when"),
        rows=_visits,
        erase=_erase,
        gone=_("Deleted."),
    )
)
