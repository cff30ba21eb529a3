"""What learners agree to: versioned texts of a cohort, and who agreed to which."""

from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    name = "campus.consents"
    label = "consents"
