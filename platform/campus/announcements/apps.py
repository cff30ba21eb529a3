"""What organisers and facilitators tell a cohort, a class or whom a filter finds."""

from django.apps import AppConfig


class AnnouncementsConfig(AppConfig):
    name = "campus.announcements"
    label = "announcements"
