"""Notebooks: the Hub's sign-on, tokens, opening, visits."""

from django.apps import AppConfig


class NotebooksConfig(AppConfig):
    name = "campus.notebooks"
    label = "notebooks"

    def ready(self) -> None:
        """Register rights, words, notices, pages, what is held of people, and what follows when somebody leaves."""
        from campus.notebooks import (  # noqa: F401
            account_pages,
            audit,
            desk,
            notices,
            personal_data,
            rules,
            sign_out,
            signals,
            tasks,
        )
