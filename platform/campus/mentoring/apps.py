"""Mentors judge projects and sampled works."""

from django.apps import AppConfig


class MentoringConfig(AppConfig):
    name = "campus.mentoring"
    label = "mentoring"

    def ready(self) -> None:
        """Register rights, notices, streams, words, what is held of people, and the pages on the desk."""
        from campus.mentoring import audit, desk, notices, personal_data, receivers, rules, streams  # noqa: F401
