"""Pages of study meetings, below a cohort."""

from django.urls import URLPattern

app_name = "meetings"
urlpatterns: list[URLPattern] = []
