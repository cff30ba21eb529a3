"""Addresses of handing in deliverables and reading them, below /cohorts/<cohort>/."""

from django.urls import include, path

from campus.deliverables import desk_views, exhibit_views, reading_views, views

app_name = "deliverables"
_of_step = [
    path("hand-in/", views.hand_in, name="hand_in"),
    path("hand-in/draft/", views.draft, name="draft"),
]
_of_one = [
    path("", reading_views.deliverable, name="deliverable"),
    path("files/<int:position>/", reading_views.file, name="file"),
    path("files/<int:position>/part/", reading_views.part, name="part"),
    path("files/<int:position>/pages/<int:number>/", reading_views.page, name="page"),
]
urlpatterns = [
    path("exhibits/", exhibit_views.exhibits, name="exhibits"),
    path("exhibits/<int:pk>/", exhibit_views.exhibit, name="exhibit"),
    path("exhibits/<int:pk>/withdraw/", exhibit_views.withdraw, name="withdraw_exhibit"),
    path("cases/<slug:case>/steps/<slug:step>/exhibit/", exhibit_views.show, name="show_exhibit"),
    path("cases/<slug:case>/steps/<slug:step>/", include(_of_step)),
    path("deliverables/<int:pk>/", include(_of_one)),
    path("desk/deliverables/", desk_views.desk, name="desk"),
]
