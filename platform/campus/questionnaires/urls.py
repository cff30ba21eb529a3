"""Pages of forms, below a cohort."""

from django.urls import path

from campus.questionnaires import views

app_name = "questionnaires"
urlpatterns = [
    path("forms/", views.form_list, name="forms"),
    path("forms/<int:questionnaire>/", views.form_page, name="form"),
    path("forms/<int:questionnaire>/save/", views.save, name="save"),
    path("forms/<int:questionnaire>/questions/<slug:key>/file/", views.save_file, name="save_file"),
    path("forms/<int:questionnaire>/files/<uuid:file>/", views.file, name="file"),
]
