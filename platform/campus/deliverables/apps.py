"""What learners hand in for people to judge: text, files and links."""

from django.apps import AppConfig


class DeliverablesConfig(AppConfig):
    name = "campus.deliverables"
    label = "deliverables"

    def ready(self) -> None:
        """Register what counts as handed in, rights, what moves with deadlines, and the pages on the desk."""
        from campus.deliverables import (  # noqa: F401
            audit,
            deadlines,
            desk,
            hand_ins,
            notices,
            personal_data,
            rules,
            tasks,
        )
