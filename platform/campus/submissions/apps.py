"""What learners hand in, how it is graded, and the leaderboard."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "campus.submissions"
    label = "submissions"
