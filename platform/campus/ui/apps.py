"""Templates, components and tokens that every page shares."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "campus.ui"
    label = "ui"

    def ready(self) -> None:
        """Register the transform `squeezed`."""
        from campus.ui import folded  # noqa: F401
