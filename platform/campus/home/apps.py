"""Pages that show several apps at once."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "campus.home"
    label = "home"

    def ready(self) -> None:
        """Register the status page on the desk, and the words of the audit log."""
        from campus.home import audit, desk  # noqa: F401
