"""Persons, sign-in and personal API tokens."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "campus.people"
    label = "people"
