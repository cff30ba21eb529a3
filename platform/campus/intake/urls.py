"""Pages of intake, below a cohort."""

from django.urls import path

from campus.intake.applications import desk_views as selection
from campus.intake.imports import views as imports
from campus.intake.invitations import desk_views as invitations

app_name = "intake"
urlpatterns = [
    path("desk/admission/", selection.admission, name="admission"),
    path("desk/applicants/", selection.applicant_list, name="applicants"),
    path("desk/applicants/decide/", selection.bulk, name="bulk"),
    path("desk/applicants/announcement/", selection.announcement, name="announcement"),
    path("desk/applicants/waitlist/", selection.waitlist, name="waitlist"),
    path("desk/applicants/<int:pk>/", selection.applicant, name="applicant"),
    path("desk/applicants/<int:pk>/note/", selection.note, name="note"),
    path("desk/applicants/<int:pk>/decide/", selection.decide, name="decide"),
    path("desk/invitations/", invitations.invitation_list, name="invitations"),
    path("desk/invitations/send/", invitations.send, name="invite"),
    path("desk/invitations/<int:pk>/", invitations.one, name="invitation"),
    path("desk/invitations/<int:pk>/address/", invitations.correct, name="correct_address"),
    path("desk/import/", imports.upload, name="import"),
    path("desk/import/template.<str:form>", imports.template, name="import_template"),
    path("desk/import/<int:pk>/", imports.preview, name="import_preview"),
    path("desk/import/<int:pk>/confirm/", imports.confirm, name="import_confirm"),
    path("desk/import/<int:pk>/discard/", imports.discard, name="import_discard"),
]
