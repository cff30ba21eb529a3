"""What changes a person."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from campus.people.holdings import sessions_of
from campus.people.models import Person, Profile
from campus.people.profile_fields import PROFILE_FIELDS


def change_language(*, person: Person, language: str) -> None:
    """Keep the language that the person chose."""
    person.language = language
    person.full_clean(validate_unique=False, validate_constraints=False)
    person.save(update_fields=["language"])


@transaction.atomic
def change_profile(*, person: Person, values: Mapping[str, Any]) -> None:
    """Keep what a ProfileForm has cleaned; other fields of the person stay as they are, whatever is among the values.

    The address is changed by allauth, which asks for the new one's confirmation.
    """
    known = {key: PROFILE_FIELDS[key] for key in values if key in PROFILE_FIELDS and key != "email"}
    own = [key for key, field in known.items() if not field.on_profile]
    for key in own:
        setattr(person, key, values[key])
    if own:
        person.save(update_fields=own)
    further = {key: values[key] for key, field in known.items() if field.on_profile}
    if further:
        Profile.objects.update_or_create(person=person, defaults=further)
    person.refresh_from_db()


def share_fields(*, person: Person, shared: list[str]) -> None:
    """Say which fields fellow learners may see too."""
    Profile.objects.update_or_create(person=person, defaults={"shared": shared})


@transaction.atomic
def close_account(*, person: Person) -> None:
    """Let the person in no more: sessions and tokens end here, sockets and notebooks by what is saved."""
    person.is_active = False
    person.save(update_fields=["is_active"])
    for session in list(sessions_of(person)):
        session.delete()
    person.tokens.filter(revoked_at=None).update(revoked_at=timezone.now())


def open_account(*, person: Person) -> None:
    """Let the person in again; tokens have to be made anew."""
    person.is_active = True
    person.save(update_fields=["is_active"])
