"""Study groups and project teams."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "campus.teams"
    label = "teams"
