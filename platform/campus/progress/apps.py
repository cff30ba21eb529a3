"""Who is where in a cohort, who needs follow-up and why."""

from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "campus.progress"
    label = "progress"
