"""What an institution's system does with the accounts in its care; each with its trace in the audit log."""

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from campus.cohorts.actions import record_audit
from campus.environment import Institution
from campus.intake.invitations.actions import is_newcomer
from campus.people.actions import close_account, open_account
from campus.people.institutions import is_trusted
from campus.people.models import Person
from campus.scim.models import ScimUser
from campus.scim.resources import ScimError, Wish, bad

TAKEN = ScimError(409, "There is such a user already.", "uniqueness")
NOT_YOURS = ScimError(403, "This account is not kept by institutions.")


def make(*, institution: Institution, wish: Wish) -> ScimUser:
    """Make an account or take one into care whose address is the institution's; raise ScimError."""
    _check_address(institution, wish.user_name)
    try:
        with transaction.atomic():
            return _make(institution, wish)
    except IntegrityError as error:
        raise TAKEN from error


def _check_address(institution: Institution, address: str) -> None:
    try:
        validate_email(address)
    except ValidationError as error:
        raise bad("userName has to be an email address.") from error
    if not is_trusted(institution.domains, address):
        raise bad("userName has to be an address of the institution’s own domains.")


def _make(institution: Institution, wish: Wish) -> ScimUser:
    person = Person.objects.select_for_update().filter(email__iexact=wish.user_name).first()
    user = ScimUser.objects.filter(person=person).first() if person else None
    if user and (user.deleted_at is None or user.institution != institution.key):
        raise TAKEN
    if person is None:
        if EmailAddress.objects.filter(email__iexact=wish.user_name).exists():  # Somebody's second address.
            raise TAKEN
        person = Person.objects.create_user(wish.user_name, name=wish.name or wish.user_name.partition("@")[0])
        action = "scim.person_made"
    else:
        _refuse_operators(person)
        action = "scim.person_linked"
    user = user or ScimUser(institution=institution.key, person=person)
    user.person, user.user_name, user.external_id, user.deleted_at = person, wish.user_name, wish.external_id, None
    user.save()
    _record(action, user)
    _set_active(user, wish.active)
    return user


def _refuse_operators(person: Person) -> None:
    if person.is_staff or person.is_superuser or person.erased_at:
        raise NOT_YOURS


def change(*, institution: Institution, user: ScimUser, wish: Wish) -> ScimUser:
    """Bring an account into line with the wish; raise ScimError. Name and address are their owner's once she came."""
    if wish.user_name != user.user_name:
        _check_address(institution, wish.user_name)
    try:
        with transaction.atomic():
            return _change(user, wish)
    except IntegrityError as error:
        raise TAKEN from error


def _change(user: ScimUser, wish: Wish) -> ScimUser:
    person = Person.objects.select_for_update().get(pk=user.person_id)
    _refuse_operators(person)
    user = ScimUser.objects.select_for_update().get(pk=user.pk)
    user.person = person
    before = (user.user_name, user.external_id, person.name)
    user.user_name, user.external_id, user.changed_at = wish.user_name, wish.external_id, timezone.now()
    if is_newcomer(person):
        person.email, person.name = wish.user_name, wish.name or person.name
        person.save(update_fields=["email", "name"])
    user.save()
    after = (user.user_name, user.external_id, person.name)
    fields = ("userName", "externalId", "name")
    if changed := [name for name, old, new in zip(fields, before, after, strict=True) if old != new]:
        _record("scim.person_changed", user, fields=changed)
    _set_active(user, wish.active)
    return user


def _set_active(user: ScimUser, active: bool) -> None:
    person = user.person
    if active == person.is_active:
        return
    if active and user.closed_at is None:
        raise ScimError(403, "The platform operator closed this account.")
    if active:
        open_account(person=person)
    else:
        close_account(person=person)
    user.closed_at = None if active else timezone.now()
    user.save(update_fields=["closed_at"])
    _record("scim.person_opened" if active else "scim.person_closed", user)


@transaction.atomic
def forget(*, user: ScimUser) -> None:
    """Close the account and let it out of the institution's sight; what its owner did stays."""
    person = Person.objects.select_for_update().get(pk=user.person_id)
    _refuse_operators(person)
    user.person = person
    _set_active(user, False)
    user.deleted_at = user.changed_at = timezone.now()
    user.save(update_fields=["deleted_at", "changed_at"])


def _record(action: str, user: ScimUser, **details: object) -> None:
    subject = f"person:{user.person_id}"
    record_audit(action=action, subject=subject, actor=None, cohort=None, institution=user.institution, **details)
