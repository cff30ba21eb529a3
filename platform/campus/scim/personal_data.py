"""What an institution's system tells of a person by SCIM."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold
from campus.scim.models import ScimUser


def _users(person: Person) -> Iterator[Row]:
    yield from ScimUser.objects.filter(person=person).values("institution", "user_name", "external_id", "made_at")


hold(
    Holding(
        name="institution-entries",
        label=pgettext_lazy("data held", "Your entry in the system of your university or company"),
        rows=_users,
        erase=lambda person: ScimUser.objects.filter(person=person).delete(),
        gone=_("Deleted."),
    )
)
