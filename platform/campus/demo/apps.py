"""A cohort with people and a week of life in it, to try the site with."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "campus.demo"
    label = "demo"
