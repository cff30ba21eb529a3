"""Case packs, their installed versions, and a cohort's steps."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "campus.cases"
    label = "cases"
