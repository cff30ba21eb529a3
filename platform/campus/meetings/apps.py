"""Study meetings and consultations with mentors: dates, places, bookings, reminders, attendance, calendars."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "campus.meetings"
    label = "meetings"

    def ready(self) -> None:
        """Register rights, kinds of notices, words, what is held of people, pages and reminders."""
        from campus.meetings import account_pages, audit, desk, notices, personal_data, rules, tasks  # noqa: F401
        from campus.meetings.consultations import receivers  # noqa: F401
        from campus.meetings.consultations import rules as _rules  # noqa: F401
