"""After a metric or a truth was mended: what the leaderboard would be, and the step to it or away from it."""

from django.apps import AppConfig


class RescoringConfig(AppConfig):
    name = "campus.rescoring"
    label = "rescoring"

    def ready(self) -> None:
        """Register the page on the desk, rights, readers of streams and periodic work."""
        from campus.rescoring import audit, desk, notices, rules, streams, tasks  # noqa: F401
