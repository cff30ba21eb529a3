"""Study meetings: dates, places, reminders, attendance, calendars."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "campus.meetings"
    label = "meetings"

    def ready(self) -> None:
        """Register rights, kinds of notices, words, the desk's page and reminders."""
        from campus.meetings import audit, desk, notices, rules, tasks  # noqa: F401
