"""Launches from learning management systems."""

from django.apps import AppConfig


class LtiConfig(AppConfig):
    name = "campus.lti"
    label = "lti"

    def ready(self) -> None:
        """Register the page on the desk, its right, words of the audit log, and what is held of people."""
        from campus.lti import audit, desk, personal_data, rules, tasks  # noqa: F401
