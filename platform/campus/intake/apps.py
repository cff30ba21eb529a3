"""How people come into a cohort: application, selection, invitation, import."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "campus.intake"
    label = "intake"
