"""Who is where in a cohort, who needs follow-up and why."""

from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "campus.progress"
    label = "progress"

    def ready(self) -> None:
        """Lay this app's pages on the desk, say its actions in words, and what it holds of people."""
        from campus.progress import audiences, audit, desk, personal_data  # noqa: F401
