"""Case packs, their installed versions, and a cohort's steps."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "campus.cases"
    label = "cases"

    def ready(self) -> None:
        """Register rights, the pages of the desk, what can be copied, what hands in a survey, and the audit's words."""
        from campus.cases import (  # noqa: F401
            attributes,
            audit,
            copying,
            desk,
            notices,
            personal_data,
            rules,
            streams,
            surveys,
            tasks,
        )
