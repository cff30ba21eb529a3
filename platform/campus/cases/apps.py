"""Case packs, their installed versions, and a cohort's steps."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "campus.cases"
    label = "cases"

    def ready(self) -> None:
        """Register what can be copied, and the words of the audit log."""
        from campus.cases import audit, copying  # noqa: F401
