"""How people come into a cohort: application, selection, invitation, import."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "campus.intake"
    label = "intake"

    def ready(self) -> None:
        """Register the jobs and the desk's pages."""
        from campus.intake import audit, copying, desk, notices, personal_data, rules, tasks  # noqa: F401 - imported for what they register
