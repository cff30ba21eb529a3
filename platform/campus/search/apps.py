"""One search over threads, cases, people, announcements and meetings of a cohort."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "campus.search"
    label = "search"
