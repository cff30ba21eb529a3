"""Numbered streams of events, delivered to browsers in real time."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_delete, post_save

from campus.live.publishing import recheck


class LiveConfig(AppConfig):
    name = "campus.live"
    label = "live"

    def ready(self) -> None:
        from django.contrib.sessions.models import Session

        from campus.live import upkeep  # noqa: F401  registers its chores

        post_delete.connect(_session_ended, sender=Session, dispatch_uid="live.session_ended")
        post_save.connect(_person_saved, sender=settings.AUTH_USER_MODEL, dispatch_uid="live.person_saved")


def _session_ended(*, instance: Any, **_kwargs: Any) -> None:
    """Sign-out deletes the session; its sockets close."""
    person_id = instance.get_decoded().get("_auth_user_id")
    if person_id and str(person_id).isdigit():
        recheck(int(person_id))


def _person_saved(*, instance: Any, created: bool, update_fields: Any, **_kwargs: Any) -> None:
    """A deactivated person or a changed password ends sessions that are still stored."""
    if not created and set(update_fields or ["all"]) != {"last_login"}:
        recheck(instance.pk)
