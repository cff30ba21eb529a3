"""What the site tells people: notes in the page and mails, each sent exactly once."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "campus.notices"
    label = "notices"

    def ready(self) -> None:
        """Register the app's own kind, what is held of people, pages, the person's stream and the sweeper."""
        from campus.notices import account_pages, notices, personal_data, streams, tasks  # noqa: F401
