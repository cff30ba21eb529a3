"""Who is where in a cohort, who needs follow-up and why."""

from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "campus.progress"
    label = "progress"

    def ready(self) -> None:
        """Lay this app's pages on the desk, and say its actions in words."""
        from campus.progress import audit, desk  # noqa: F401
