"""What learners hand in, how it is graded, and the leaderboard."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "campus.submissions"
    label = "submissions"

    def ready(self) -> None:
        """Register readers of streams, rights, periodic work, and what counts as handed in."""
        from campus.submissions import deadlines, hand_ins, personal_data, rules, streams, tasks  # noqa: F401
