"""The page about launches on a cohort's desk."""

from django.urls import path

from campus.lti import desk_views

app_name = "lti"
urlpatterns = [path("desk/lms/", desk_views.desk, name="desk")]
