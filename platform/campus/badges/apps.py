"""Open badges: achievements, the awards of people, and the pages on which anybody checks them."""

from django.apps import AppConfig


class BadgesConfig(AppConfig):
    name = "campus.badges"
    label = "badges"

    def ready(self) -> None:
        """Register pages on the desk, rights, streams, notices, periodic work and what the app holds of people."""
        from campus.badges import (  # noqa: F401
            audit,
            copying,
            desk,
            notices,
            personal_data,
            rules,
            streams,
            tasks,
        )
