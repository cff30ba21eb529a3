"""Addresses of the case pages, below /cohorts/<cohort>/cases/."""

from django.urls import path

from campus.cases import views

app_name = "cases"
urlpatterns = [
    path("<slug:case>/", views.brief, name="case"),
    path("<slug:case>/data/", views.data, name="data"),
    path("<slug:case>/data.zip", views.archive, name="archive"),
    path("<slug:case>/data/<str:name>", views.data_file, name="data_file"),
    path("<slug:case>/pictures/<str:name>", views.picture, name="picture"),
    path("<slug:case>/steps/<slug:step>/", views.step_page, name="step"),
]
