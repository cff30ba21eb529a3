"""Addresses of a cohort's own pages, below /cohorts/."""

from django.urls import path

from campus.cohorts import views
from campus.cohorts.pages import audit, classes, people, programmes, settings, taking_part

app_name = "cohorts"
urlpatterns = [
    path("<slug:cohort>/", views.cohort_page, name="cohort"),
    path("<slug:cohort>/board-name/", views.board_name, name="board_name"),
    path("<slug:cohort>/desk/settings/", settings.settings, name="settings"),
    path("<slug:cohort>/taking-part/", taking_part.taking_part, name="taking_part"),
    path("<slug:cohort>/desk/classes/", classes.classes, name="classes"),
    path("<slug:cohort>/desk/classes/deal/", classes.dealing, name="dealing"),
    path("<slug:cohort>/desk/classes/<int:pk>/", classes.one_class, name="class"),
    path("<slug:cohort>/desk/classes/<int:pk>/remove/", classes.remove, name="remove_class"),
    path("<slug:cohort>/desk/people/", people.people, name="people"),
    path("<slug:cohort>/desk/people/<int:pk>/", people.person, name="person"),
    path("<slug:cohort>/desk/people/move/", people.move, name="move_people"),
    path("<slug:cohort>/desk/people/state/", people.state, name="change_state"),
    path("<slug:cohort>/desk/people/role/", people.role, name="change_role"),
    path("<slug:cohort>/desk/people/resume/", people.resume, name="resume"),
    path("<slug:cohort>/desk/audit/", audit.of_cohort, name="audit"),
    path("<slug:cohort>/desk/copy/", programmes.clone, name="clone"),
]
