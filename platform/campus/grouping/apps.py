"""How study groups and project teams come about, and the team's space."""

from django.apps import AppConfig


class GroupingConfig(AppConfig):
    name = "campus.grouping"
    label = "grouping"

    def ready(self) -> None:
        """Register rights, words, pages on the desk, notices, streams, jobs and what is held of people."""
        from campus.grouping import audit, desk, leaving, notices, personal_data, rules, streams, tasks  # noqa: F401
