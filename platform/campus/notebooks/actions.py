"""What happens to a person's notebook: it starts with a token, it ends, somebody opens it, it has to go."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from campus.cohorts.actions import record_audit
from campus.notebooks import hub
from campus.notebooks.delivery import Delivery, deliveries_of
from campus.notebooks.models import Visit
from campus.notebooks.names import hub_name
from campus.notebooks.notices import VISITED
from campus.notebooks.queries import entitled
from campus.notebooks.rules import visitable_enrolment
from campus.notebooks.sign_on import end_sign_ons
from campus.notices.actions import notify
from campus.people.models import Person, Scope, TokenOrigin
from campus.people.tokens import end_tokens, renew_token

logger = logging.getLogger(__name__)

# A working day; a server that runs longer gets a new token with its next start.
TOKEN_LIFE = timedelta(hours=12)
SCOPES = (Scope.READ, Scope.SUBMIT)
# Who comes back within this time is still on the same visit.
SAME_VISIT = timedelta(minutes=10)


class MayNot(Exception):
    """The person may not have a notebook, or not open this one."""


@dataclass(frozen=True)
class Start:
    """What the Hub needs to start a person's server."""

    token: str
    deliveries: list[Delivery]


def start_notebook(person: Person) -> Start:
    """Make the token of the person's server, which ends the former one's. Raises MayNot."""
    deliveries = deliveries_of(person) if person.is_active else []
    if not deliveries:
        raise MayNot
    token = renew_token(person=person, origin=TokenOrigin.NOTEBOOK, scopes=SCOPES, life=TOKEN_LIFE)
    logger.info("the notebook of person %d starts with %d cases", person.pk, len(deliveries))
    return Start(token, deliveries)


def end_notebook(person: Person) -> None:
    """The server has stopped: its token ends."""
    end_tokens(person=person, origin=TokenOrigin.NOTEBOOK)


@transaction.atomic
def record_visit(*, visitor: Person, owner: Person) -> Visit:
    """Note that staff opened a learner's notebook, and tell its owner once a day. Raises MayNot."""
    enrolment = visitable_enrolment(visitor, owner)
    if enrolment is None:
        raise MayNot
    Person.objects.select_for_update().get(pk=owner.pk)  # Two reports of one visit are one row.
    now = timezone.now()
    going_on = Visit.objects.filter(visitor=visitor, owner=owner, last_at__gte=now - SAME_VISIT).first()
    if going_on is not None:
        going_on.last_at = now
        going_on.save(update_fields=["last_at"])
        return going_on
    visit = Visit.objects.create(visitor=visitor, owner=owner, began_at=now, last_at=now)
    subject = f"enrolment:{enrolment.pk}"
    record_audit(action="notebook.visited", subject=subject, actor=visitor, cohort=enrolment.cohort)
    notify(
        kind=VISITED.name,
        to=[owner],
        url="/account/notebook/",
        mail=False,
        key=f"notebook-visit:{visitor.pk}:{timezone.localdate():%F}",
    )
    return visit


def take_away(person: Person) -> None:
    """Whoever may have no notebook any more loses token, sign-on and server. Raises hub.HubAway; call it again then."""
    if entitled([person.pk]):
        return
    end_notebook(person)
    end_sign_ons(person)
    hub.stop_server(hub_name(person))
