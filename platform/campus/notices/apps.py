"""What the site tells people: notes in the page and mails, each sent exactly once."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "campus.notices"
    label = "notices"

    def ready(self) -> None:
        """Register the person's stream and the sweeper."""
        from campus.notices import streams, tasks  # noqa: F401
