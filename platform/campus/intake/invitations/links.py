"""The link of an invitation: signed, for one sending only, without a word about the person."""

from dataclasses import dataclass
from enum import Enum

from django.core import signing
from django.utils import timezone

from campus.cohorts.models import EnrolmentState
from campus.intake.models import Invitation

SALT = "campus.intake.invitation"


class LinkState(Enum):
    """What a link is good for."""

    UNKNOWN = "unknown"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    VALID = "valid"


@dataclass(frozen=True)
class Link:
    state: LinkState
    invitation: Invitation | None = None


def token_of(invitation: Invitation) -> str:
    """What stands in the link of the latest sending: ids and a signature."""
    return signing.dumps([invitation.pk, invitation.number], salt=SALT)


def path_of(invitation: Invitation) -> str:
    """Address of the page that the link leads to."""
    return f"/invitations/{token_of(invitation)}/"


def read_link(token: str) -> Link:
    """Find the invitation of a link, and whether it still opens."""
    try:
        pk, number = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return Link(LinkState.UNKNOWN)
    found = Invitation.objects.select_related("enrolment__person", "enrolment__cohort__programme").filter(pk=pk)
    invitation = found.first()
    return Link(_state_of(invitation, number), invitation) if invitation else Link(LinkState.UNKNOWN)


def _state_of(invitation: Invitation, number: int) -> LinkState:
    enrolment = invitation.enrolment
    if enrolment.state == EnrolmentState.WITHDRAWN or not enrolment.person.is_active:
        return LinkState.CANCELLED
    if invitation.accepted_at or enrolment.state != EnrolmentState.SELECTED:
        return LinkState.ACCEPTED
    if number != invitation.number:
        return LinkState.REPLACED
    return LinkState.EXPIRED if invitation.expires_at <= timezone.now() else LinkState.VALID
