"""Leaving the site: asked for with the password, taken back within two weeks, then done for good.

Whatever others rely on stays without the person: submissions and scores of a team, evidence of consents, the audit log.
Each app says in its ``personal_data.py`` what it removes and what it keeps, and why.
"""

import logging
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from campus.people.models import Person
from campus.people.personal_data import holdings, obstacles_of

logger = logging.getLogger(__name__)

GRACE = timedelta(days=14)
# In both languages, since it is shown to readers of either.
NAME_OF_WHO_LEFT = "退会した参加者 (former participant)"


@transaction.atomic
def request_erasure(*, person: Person) -> None:
    """Erase the person in two weeks. Raises ValidationError with what has to be done first."""
    if obstacles := obstacles_of(person):
        raise ValidationError(obstacles)
    asked = Person.objects.filter(pk=person.pk, erase_at=None).update(erase_at=timezone.now() + GRACE)
    person.refresh_from_db()
    if asked:
        context = {"user": person, "erase_at": person.erase_at}
        transaction.on_commit(lambda: get_adapter().send_mail("people/email/erasure_requested", person.email, context))


def cancel_erasure(*, person: Person) -> None:
    """Stay after all."""
    Person.objects.filter(pk=person.pk, erased_at=None).update(erase_at=None)
    person.refresh_from_db()


def due_for_erasure() -> QuerySet[Person]:
    """Whose two weeks are over."""
    return Person.objects.filter(erased_at=None, erase_at__lte=timezone.now())


def erase_due() -> int:
    """Erase whose time has come; returns how many. Who must hand something over first stays until it is done."""
    count = 0
    for person in due_for_erasure():
        if obstacles_of(person):
            logger.warning("person %d can't be erased yet", person.pk)
            continue
        erase(person=person)
        count += 1
    return count


@transaction.atomic
def erase(*, person: Person) -> None:
    """Remove all that is personal, for good. Called twice it does nothing more."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.erased_at is not None:
        return
    for holding in holdings.values():
        holding.erase(person)
    person.email = f"erased-{person.pk}@erased.invalid"
    person.name, person.alias = NAME_OF_WHO_LEFT, ""
    person.is_active = person.is_staff = person.is_superuser = False
    person.last_login = person.seen_at = None
    person.erase_at, person.erased_at = None, timezone.now()
    person.set_unusable_password()
    person.save()
    logger.info("person %d was erased", person.pk)
