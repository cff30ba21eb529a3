"""Peer discussion beside the work."""

from django.apps import AppConfig


class DiscussionConfig(AppConfig):
    name = "campus.discussion"
    label = "discussion"

    def ready(self) -> None:
        """Register rights, streams, kinds of notices, words, what is held of people, and pages of profile and desk."""
        from campus.discussion import (  # noqa: F401
            account_pages,
            audit,
            desk,
            notices,
            personal_data,
            rules,
            streams,
            tasks,
        )
