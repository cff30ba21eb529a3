"""Programmes, cohorts, classes, enrolments and the audit log."""

from django.apps import AppConfig


class CohortsConfig(AppConfig):
    name = "campus.cohorts"
    label = "cohorts"

    def ready(self) -> None:
        """Register the pages of the desk, what can be copied, and the words of the audit log."""
        from campus.cohorts import (  # noqa: F401
            audit_words,
            class_copying,
            desk_pages,
            notices,
            personal_data,
            second_factor,
        )
