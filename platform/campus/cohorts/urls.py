"""Addresses of a cohort's own pages, below /cohorts/."""

from django.urls import path

from campus.cohorts import views

app_name = "cohorts"
urlpatterns = [
    path("<slug:cohort>/", views.cohort_page, name="cohort"),
    path("<slug:cohort>/board-name/", views.board_name, name="board_name"),
]
