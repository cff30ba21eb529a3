"""Programmes, cohorts, classes, enrolments and the audit log."""

from django.apps import AppConfig


class CohortsConfig(AppConfig):
    name = "campus.cohorts"
    label = "cohorts"
