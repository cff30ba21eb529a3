"""What happens by itself: servers of people who may have none any more are stopped, old sign-ons are deleted."""

import logging

from django.conf import settings
from django.db import close_old_connections
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from campus import live
from campus.notebooks import actions, hub
from campus.notebooks.names import person_id_of
from campus.notebooks.queries import entitled
from campus.notebooks.sign_on import delete_old_sign_ons
from campus.people.models import Person

logger = logging.getLogger(__name__)

# Afterwards the sweep comes back to it as soon as the Hub is there.
_RETRY = RetryStrategy(max_attempts=6, exponential_wait=3, retry_exceptions={hub.HubAway})


@app.task(name="notebooks.take_away", queue="notebooks", retry=_RETRY)
def take_away(person_id: int) -> None:
    """Take the notebook of somebody who may have none any more."""
    close_old_connections()
    person = Person.objects.filter(pk=person_id).first()
    if person is not None and settings.ENVIRONMENT.notebooks == "on":
        actions.take_away(person)


@live.every(seconds=60)
def sweep() -> None:
    """Stop what runs and must not, however its owner lost the right: no lost request leaves a server behind."""
    if settings.ENVIRONMENT.notebooks == "off":
        return
    try:
        for name in _wrongful(hub.names_with_server()):
            logger.info("the server of %s is stopped", name)
            _stop(name)
    except hub.HubAway as error:
        logger.warning("the Hub does not answer: %s", error)


def _wrongful(names: set[str]) -> list[str]:
    ids = [pk for pk in map(person_id_of, names) if pk is not None]
    return sorted(names - {f"u{pk}" for pk in entitled(ids)})


def _stop(name: str) -> None:
    person = Person.objects.filter(pk=person_id_of(name) or 0).first()
    if person is None:
        hub.stop_server(name)
    else:
        actions.take_away(person)


@app.periodic(cron="41 * * * *")
@app.task(name="notebooks.forget_sign_ons", queue="notebooks", queueing_lock="notebooks.forget_sign_ons")
def forget_sign_ons(timestamp: int) -> None:  # noqa: ARG001  procrastinate's: when it was due
    """Once an hour."""
    close_old_connections()
    delete_old_sign_ons()
