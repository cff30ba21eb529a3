"""When somebody signs out, changes the password, leaves a cohort or is deactivated, the notebook has to follow."""

from collections.abc import Sequence
from typing import Any

from allauth.account.signals import password_changed, password_reset
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_save
from django.dispatch import receiver

from campus.cohorts.models import Enrolment
from campus.cohorts.signals import left
from campus.notebooks.sign_on import end_sign_ons
from campus.notebooks.tasks import take_away
from campus.people.models import Person


@receiver([user_logged_out, password_changed, password_reset], dispatch_uid="notebooks.sign_out")
def sign_out_at_hub(*, user: Person | None, **_signal: Any) -> None:
    """Also where the browser doesn't come by the Hub: it asks again within a minute."""
    if user is not None:
        end_sign_ons(user)


@receiver(post_save, sender=Person, dispatch_uid="notebooks.deactivated")
def follow_deactivation(*, instance: Person, **_signal: Any) -> None:
    if not instance.is_active:
        end_sign_ons(instance)
        _owe(instance.pk)


@receiver(left, dispatch_uid="notebooks.left")
def follow_leaving(*, enrolments: Sequence[Enrolment], **_signal: Any) -> None:
    for person_id in sorted({one.person_id for one in enrolments}):
        _owe(person_id)


def _owe(person_id: int) -> None:
    """Have the notebook taken away once the caller's transaction is committed, if there is still no right to it."""
    if settings.ENVIRONMENT.notebooks == "on":
        take_away.defer(person_id=person_id)
