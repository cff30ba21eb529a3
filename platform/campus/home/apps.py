"""Pages that show several apps at once."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "campus.home"
    label = "home"

    def ready(self) -> None:
        """Register the status page on the desk, the words of the audit log, and what is held of people."""
        from campus.home import audit, desk, personal_data  # noqa: F401
