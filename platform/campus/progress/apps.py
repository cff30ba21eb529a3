"""Who is where in a cohort, who needs follow-up and why, who has completed it."""

from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "campus.progress"
    label = "progress"

    def ready(self) -> None:
        """Lay pages on the desk, say actions in words, what is held of people, and what happens by itself."""
        from campus.progress import audiences, audit, copying, desk, personal_data, tasks  # noqa: F401
