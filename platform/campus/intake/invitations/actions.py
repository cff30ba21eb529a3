"""Inviting, in bulk and again; opening and accepting an invitation."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from campus.cohorts.actions import record_audit, record_audits
from campus.cohorts.models import Cohort, Enrolment, EnrolmentState
from campus.intake.invitations.links import path_of
from campus.intake.models import Invitation
from campus.intake.refusals import AddressIsTaken, AskedTooOften, ChangedMeanwhile, NotYoursToChange
from campus.notices.actions import Letter, write_mail
from campus.people.models import Person

KIND = "intake.invitation"
VALID_FOR = timedelta(days=14)
# Who opens an expired link may have it sent anew, but not over and over.
RENEW_AFTER = timedelta(minutes=10)
AT_ONCE = 1_000


@transaction.atomic
def invite(*, cohort: Cohort, seen: Mapping[int, int], actor: Person) -> int:
    """Invite those who were shown, by the ids of their enrolments and how often each was invited so far.

    Sends again to who was invited before: the old link becomes void. Who has accepted or left is passed over.
    Returns how many mails are on their way; raises ChangedMeanwhile where somebody else invited meanwhile.
    """
    enrolments = _to_invite(cohort, seen)
    invitations = _invitations_of(enrolments)
    if any(invitations[one.pk].number != seen[one.pk] for one in enrolments):
        raise ChangedMeanwhile
    send([invitations[one.pk] for one in enrolments], actor=actor)
    _record("invitation.sent", [one.pk for one in enrolments], cohort=cohort, actor=actor)
    return len(enrolments)


def _to_invite(cohort: Cohort, ids: Collection[int]) -> list[Enrolment]:
    """Those among them who have not begun, under a lock."""
    rows = Enrolment.objects.select_for_update(no_key=True, of=("self",)).select_related("person", "cohort")
    wanted = rows.filter(cohort=cohort, pk__in=ids, state=EnrolmentState.SELECTED, person__is_active=True)
    return list(wanted.exclude(invitation__accepted_at__isnull=False).order_by("pk"))


def _invitations_of(enrolments: Collection[Enrolment]) -> dict[int, Invitation]:
    """Their invitations by enrolment, made where there is none yet."""
    known = set(Invitation.objects.filter(enrolment__in=enrolments).values_list("enrolment", flat=True))
    Invitation.objects.bulk_create(
        (Invitation(enrolment=one) for one in enrolments if one.pk not in known), batch_size=AT_ONCE
    )
    by_id = {one.pk: one for one in enrolments}
    found = {one.enrolment_id: one for one in Invitation.objects.filter(enrolment__in=enrolments)}
    for pk, invitation in found.items():
        invitation.enrolment = by_id[pk]
    return found


def send(invitations: Collection[Invitation], *, actor: Person | None) -> None:
    """Owe each a mail with a new link."""
    now = timezone.now()
    ids = [invitation.pk for invitation in invitations]
    expires_at = now + VALID_FOR
    Invitation.objects.filter(pk__in=ids).update(
        number=F("number") + 1, sent_by=actor, queued_at=now, expires_at=expires_at, opened_at=None
    )
    for invitation in invitations:
        invitation.number, invitation.expires_at = invitation.number + 1, expires_at
    mails = write_mail(kind=KIND, letters=[_letter(invitation) for invitation in invitations])
    for invitation, mail in zip(invitations, mails, strict=True):
        invitation.mail = mail
    Invitation.objects.bulk_update(invitations, ["mail"], batch_size=AT_ONCE)


def _letter(invitation: Invitation) -> Letter:
    person, cohort = invitation.enrolment.person, invitation.enrolment.cohort
    return Letter(
        address=person.email,
        name=person.name,
        url=path_of(invitation),
        key=f"invitation:{invitation.pk}:{invitation.number}",
        context={
            "cohort": {"ja": cohort.title_ja, "en": cohort.title_en or cohort.title_ja},
            "expires_at": invitation.expires_at,
        },
        language=person.language,
        time_zone=person.time_zone,
    )


def _record(action: str, enrolments: Collection[int], *, cohort: Cohort, actor: Person | None) -> None:
    subjects = [f"enrolment:{pk}" for pk in enrolments]
    record_audits(action=action, subjects=subjects, cohort=cohort, actor=actor)


def note_opened(invitation: Invitation) -> None:
    """Remember that the link was opened, the first time."""
    Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=timezone.now())


@transaction.atomic
def accept(*, invitation: Invitation, person: Person) -> None:
    """Record that the person came; the link opens no more. Consent, on the next page, makes them take part."""
    now = timezone.now()
    if not Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(accepted_at=now, opened_at=now):
        return
    record_audit(
        action="invitation.accepted",
        subject=f"enrolment:{invitation.enrolment_id}",
        actor=person,
        cohort=invitation.enrolment.cohort,
    )


@transaction.atomic
def accept_with_password(*, invitation: Invitation, password: str) -> Person:
    """Give somebody who never signed in a password, and accept: the link came to their address, so it is theirs."""
    person = Person.objects.select_for_update().get(pk=invitation.enrolment.person_id)
    if not is_newcomer(person):
        raise ChangedMeanwhile
    person.set_password(password)
    person.save(update_fields=["password"])
    verify_address(person)
    accept(invitation=invitation, person=person)
    return person


def is_newcomer(person: Person) -> bool:
    """Whether the person has no way to sign in yet, so that an invitation may give one."""
    return person.last_login is None and not person.has_usable_password()


def verify_address(person: Person) -> None:
    """What a mail came to is confirmed."""
    EmailAddress.objects.update_or_create(
        user=person, email=person.email.lower(), defaults={"verified": True, "primary": True}
    )


@transaction.atomic
def renew(*, invitation: Invitation) -> None:
    """Send an expired invitation anew to the same address; raises AskedTooOften."""
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    now = timezone.now()
    if invitation.expires_at > now or invitation.queued_at > now - RENEW_AFTER:
        raise AskedTooOften
    send([invitation], actor=None)
    enrolment = invitation.enrolment
    _record("invitation.renewed", [enrolment.pk], cohort=enrolment.cohort, actor=None)


def may_correct(enrolment: Enrolment) -> bool:
    """Whether the organiser may change the address: of somebody who never came, and is in no other cohort."""
    person = enrolment.person
    elsewhere = person.enrolments.exclude(cohort=enrolment.cohort_id)
    return is_newcomer(person) and not elsewhere.exists()


@transaction.atomic
def correct_address(*, enrolment: Enrolment, address: str, actor: Person) -> None:
    """Change a wrong address and invite anew; raises NotYoursToChange or AddressIsTaken."""
    enrolment = Enrolment.objects.select_for_update(no_key=True, of=("self",)).get(pk=enrolment.pk)
    if not may_correct(enrolment):
        raise NotYoursToChange
    try:
        with transaction.atomic():
            Person.objects.filter(pk=enrolment.person_id).update(email=address.lower())
    except IntegrityError as error:
        raise AddressIsTaken from error
    _record("invitation.address_corrected", [enrolment.pk], cohort=enrolment.cohort, actor=actor)
    enrolment = Enrolment.objects.select_related("person", "cohort").get(pk=enrolment.pk)
    if enrolment.state == EnrolmentState.SELECTED:
        send(list(_invitations_of([enrolment]).values()), actor=actor)
