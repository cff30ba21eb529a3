"""Pages of progress and follow-up, below a cohort."""

from django.urls import path

from campus.progress import completion_views, views

app_name = "progress"
urlpatterns = [
    path("desk/", views.overview, name="overview"),
    path("desk/progress/", views.learners, name="learners"),
    path("desk/progress/funnel/", views.funnel, name="funnel"),
    path("desk/progress/funnel.json", views.funnel_figures, name="funnel_figures"),
    path("desk/progress/<int:enrolment>/", views.learner, name="learner"),
    path("desk/follow-up/", views.follow_up, name="follow_up"),
    path("desk/follow-up/record/", views.record, name="record"),
    path("desk/follow-up/rules/", views.rules, name="rules"),
    path("desk/completion/", completion_views.completion, name="completion"),
    path("desk/completion/rule/", completion_views.completion_rule, name="completion_rule"),
    path("desk/completion/what-if/", completion_views.what_if, name="what_if"),
    path("desk/completion/settle/", completion_views.settle, name="settle"),
    path("completion/", completion_views.way, name="way"),
]
