"""What organisers and facilitators tell a cohort, a class or whom a filter finds."""

from django.apps import AppConfig


class AnnouncementsConfig(AppConfig):
    name = "campus.announcements"
    label = "announcements"

    def ready(self) -> None:
        """Register rights, criteria, notices, words, what is held of people, the desk's page and periodic work."""
        from campus.announcements import audiences, audit, desk, notices, personal_data, rules, tasks  # noqa: F401
