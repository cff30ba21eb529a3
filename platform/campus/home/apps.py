"""Pages that show several apps at once."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "campus.home"
    label = "home"
