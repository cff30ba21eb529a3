"""What learners agree to before a cohort begins: versions, answers, and the welcome page."""

from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    name = "campus.consents"
    label = "consents"

    def ready(self) -> None:
        from campus.consents import audit, copying, desk, entry, personal_data  # noqa: F401  register themselves
