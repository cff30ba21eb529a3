"""Pages of forms, below a cohort."""

from django.urls import path

from campus.questionnaires import desk_views, results_views, views

app_name = "questionnaires"
FORM = "desk/forms/<int:questionnaire>/"
urlpatterns = [
    path("forms/", views.form_list, name="forms"),
    path("forms/<int:questionnaire>/", views.form_page, name="form"),
    path("forms/<int:questionnaire>/save/", views.save, name="save"),
    path("forms/<int:questionnaire>/questions/<slug:key>/file/", views.save_file, name="save_file"),
    path("forms/<int:questionnaire>/files/<uuid:file>/", views.file, name="file"),
    path("desk/forms/", desk_views.desk, name="desk"),
    path("desk/forms/new/", desk_views.new, name="desk_new"),
    path(FORM, desk_views.questions, name="desk_form"),
    path(f"{FORM}settings/", desk_views.settings, name="desk_settings"),
    path(f"{FORM}preview/", desk_views.preview, name="preview"),
    path(f"{FORM}copy/", desk_views.copy, name="copy"),
    path(f"{FORM}publish/", desk_views.publish, name="publish"),
    path(f"{FORM}close/", desk_views.close, name="close"),
    path(f"{FORM}draft/", desk_views.begin_draft, name="begin_draft"),
    path(f"{FORM}draft/discard/", desk_views.discard_draft, name="discard_draft"),
    path(f"{FORM}introduction/", desk_views.version, name="version"),
    path(f"{FORM}sections/new/", desk_views.section, name="new_section"),
    path(f"{FORM}sections/<int:section>/", desk_views.section, name="section"),
    path(f"{FORM}sections/<int:section>/delete/", desk_views.delete_section, name="delete_section"),
    path(f"{FORM}sections/<int:section>/up/", desk_views.move_section, {"step": -1}, name="section_up"),
    path(f"{FORM}sections/<int:section>/down/", desk_views.move_section, {"step": 1}, name="section_down"),
    path(f"{FORM}sections/<int:section>/questions/new/", desk_views.new_question, name="new_question"),
    path(f"{FORM}questions/<int:question>/", desk_views.question, name="question"),
    path(f"{FORM}questions/<int:question>/delete/", desk_views.delete_question, name="delete_question"),
    path(f"{FORM}questions/<int:question>/up/", desk_views.move_question, {"step": -1}, name="question_up"),
    path(f"{FORM}questions/<int:question>/down/", desk_views.move_question, {"step": 1}, name="question_down"),
    path(f"{FORM}results/", results_views.summary, name="results"),
    path(f"{FORM}results/answers/", results_views.answers, name="answers"),
    path(f"{FORM}results/questions/<slug:key>/", results_views.texts, name="texts"),
    path(f"{FORM}results/questions/<slug:key>/figures/", results_views.figures, name="figures"),
]
