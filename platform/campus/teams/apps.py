"""Study groups and project teams."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "campus.teams"
    label = "teams"

    def ready(self) -> None:
        """Register the words of the audit log, and who frees a place by leaving the cohort."""
        from campus.teams import audit, leaving, personal_data  # noqa: F401
