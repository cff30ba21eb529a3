"""Peer review: practice, assignment, reviews, and what authors say to them."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "campus.reviews"
    label = "reviews"

    def ready(self) -> None:
        """Register what counts as handed in, readers of deliverables, rights, words, chores and pages of the desk."""
        from campus.reviews import (  # noqa: F401
            audit,
            desk,
            hand_ins,
            notices,
            personal_data,
            readers,
            receivers,
            rules,
            streams,
            tasks,
        )
