"""Pages of intake, below a cohort."""

from django.urls import path

from campus.intake.imports import views as imports

app_name = "intake"
urlpatterns = [
    path("desk/import/", imports.upload, name="import"),
    path("desk/import/template.<str:form>", imports.template, name="import_template"),
    path("desk/import/<int:pk>/", imports.preview, name="import_preview"),
    path("desk/import/<int:pk>/confirm/", imports.confirm, name="import_confirm"),
    path("desk/import/<int:pk>/discard/", imports.discard, name="import_discard"),
]
