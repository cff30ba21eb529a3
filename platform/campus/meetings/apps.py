"""Study meetings: date, places, attendance, recording."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "campus.meetings"
    label = "meetings"
