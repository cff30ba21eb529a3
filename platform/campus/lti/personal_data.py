"""What launches leave of a person: by what the LMS knows her."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.lti.models import LmsAccount
from campus.people.models import Person
from campus.people.personal_data import Holding, Row, hold


def _accounts(person: Person) -> Iterator[Row]:
    yield from LmsAccount.objects.filter(person=person).values("platform", "subject", "linked_at", "last_launch_at")


hold(
    Holding(
        name="lms-accounts",
        label=pgettext_lazy("data held", "Your accounts in learning management systems"),
        rows=_accounts,
        erase=lambda person: LmsAccount.objects.filter(person=person).delete(),
        gone=_("Deleted."),
    )
)
