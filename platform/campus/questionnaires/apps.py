"""Forms that organisers make: applications, self-ratings, surveys; their answers and results."""

from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    name = "campus.questionnaires"
    label = "questionnaires"

    def ready(self) -> None:
        """Register rights, the desk's page, what can be copied, and the words of the audit log."""
        from campus.questionnaires import audit, copying, desk, personal_data, rules  # noqa: F401
