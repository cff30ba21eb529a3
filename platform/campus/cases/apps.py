"""Case packs, their installed versions, and a cohort's steps."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "campus.cases"
    label = "cases"

    def ready(self) -> None:
        """Register rights, what can be copied, what hands in a survey, and the words of the audit log."""
        from campus.cases import audit, copying, rules, surveys  # noqa: F401
