"""Addresses of the case pages and of the desk pages about cases, below /cohorts/<cohort>/."""

from django.urls import path

from campus.cases import views
from campus.cases.authoring import views as authoring
from campus.cases.pages import choice, desk, extensions, schedule, surveys

app_name = "cases"
urlpatterns = [
    path("choose-cases/", choice.choose, name="choose"),
    path("desk/schedule/", schedule.schedule, name="schedule"),
    path("desk/cases/", desk.cases, name="desk_cases"),
    path("desk/cases/own/", authoring.begin, name="begin_case"),
    path("desk/cases/own/<int:pk>/", authoring.draft, name="draft"),
    path("desk/cases/own/<int:pk>/progress/", authoring.progress, name="draft_progress"),
    path("desk/cases/own/<int:pk>/texts/", authoring.texts, name="draft_texts"),
    path("desk/cases/own/<int:pk>/columns/", authoring.columns, name="draft_columns"),
    path("desk/cases/own/<int:pk>/options/", authoring.options, name="draft_options"),
    path("desk/cases/own/<int:pk>/pack/", authoring.archive, name="draft_archive"),
    path("desk/cases/own/<int:pk>/pack.zip", authoring.download, name="download_draft"),
    path("desk/cases/own/<int:pk>/preview/", authoring.preview, name="draft_preview"),
    path("desk/cases/own/<int:pk>/pictures/<str:name>", authoring.picture, name="draft_picture"),
    path("desk/cases/own/<int:pk>/data/<str:name>/<str:picture>", authoring.data_picture, name="draft_data_picture"),
    path("desk/cases/own/<int:pk>/publish/", authoring.publish, name="publish_draft"),
    path("desk/cases/own/<int:pk>/adopt/", authoring.adopt, name="adopt_draft"),
    path("desk/cases/own/<int:pk>/discard/", authoring.discard, name="discard_draft"),
    path("desk/cases/<slug:case>/versions/", authoring.versions, name="case_versions"),
    path("desk/cases/surveys/", surveys.surveys, name="surveys"),
    path("desk/choice/", desk.choice, name="choice"),
    path("desk/choice/rest/", desk.choose_for_the_rest, name="choose_for_the_rest"),
    path("desk/choice/end/", desk.end_of_choice, name="end_of_choice"),
    path("desk/choice/<int:case>/places/", desk.capacity, name="capacity"),
    path("desk/extensions/", extensions.extensions, name="extensions"),
    path("desk/extensions/withdraw/", extensions.withdraw, name="withdraw_extensions"),
    path("desk/people/extend/", extensions.extend, name="extend"),
    path("cases/<slug:case>/", views.brief, name="case"),
    path("cases/<slug:case>/data/", views.data, name="data"),
    path("cases/<slug:case>/data.zip", views.archive, name="archive"),
    path("cases/<slug:case>/data/<str:name>", views.data_file, name="data_file"),
    path("cases/<slug:case>/data/<str:name>/<str:picture>", views.data_picture, name="data_picture"),
    path("cases/<slug:case>/pictures/<str:name>", views.picture, name="picture"),
    path("cases/<slug:case>/steps/<slug:step>/", views.step_page, name="step"),
]
