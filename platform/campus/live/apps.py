"""Numbered streams of events, delivered to browsers in real time."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "campus.live"
    label = "live"
