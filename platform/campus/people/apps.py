"""Persons, sign-in and personal API tokens."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "campus.people"
    label = "people"

    def ready(self) -> None:
        from campus.people import holdings, signals, tasks  # noqa: F401  register themselves
