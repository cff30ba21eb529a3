"""Forms that organisers make: applications, self-ratings, surveys; their answers and results."""

from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    name = "campus.questionnaires"
    label = "questionnaires"

    def ready(self) -> None:
        """Register rights."""
        from campus.questionnaires import rules  # noqa: F401
