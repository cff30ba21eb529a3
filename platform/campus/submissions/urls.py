"""Addresses of handing in, one's own submissions and the board, below /cohorts/<cohort>/."""

from django.urls import include, path

from campus.submissions import figure_views, notebook_views, views

app_name = "submissions"
_of_step = [
    path("submit/", views.hand_in, name="hand_in"),
    path("history.json", views.history, name="history"),
    path("submissions/<int:pk>/", views.submission, name="submission"),
    path("submissions/<int:pk>/row/", views.row, name="row"),
    path("submissions/<int:pk>/file/", views.file, name="file"),
    path("submissions/<int:pk>/notebook/", notebook_views.notebook, name="notebook"),
    path("submissions/<int:pk>/pick/", views.pick, name="pick"),
    path("submissions/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("board/", views.board, name="board"),
    path("board/spread.json", figure_views.spread, name="spread"),
    path("board/final/spread.json", figure_views.final_spread, name="final_spread"),
    path("board/final/", views.final_board, name="final_board"),
]
urlpatterns = [path("cases/<slug:case>/<slug:step>/", include(_of_step))]
