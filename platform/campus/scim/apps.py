"""Accounts kept by institutions."""

from django.apps import AppConfig


class ScimConfig(AppConfig):
    name = "campus.scim"
    label = "scim"

    def ready(self) -> None:
        """Register words of the audit log and what is held of people."""
        from campus.scim import audit, personal_data  # noqa: F401
