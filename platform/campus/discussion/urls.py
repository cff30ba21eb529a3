"""Addresses of the discussion, below /cohorts/<cohort>/."""

from django.urls import path

from campus.discussion.pages import contribution, desk, posts, rearranging, search, threads

app_name = "discussion"
_THREAD = "discussion/threads/<int:thread>/"
_POST = f"{_THREAD}posts/<int:number>/"
urlpatterns = [
    path("discussion/", threads.cohort_list, name="list"),
    path("discussion/contribution/", contribution.contribution, name="contribution"),
    path("discussion/search/", search.results, name="search"),
    path("discussion/search/save/", search.save, name="save_search"),
    path("discussion/search/saved/<int:pk>/remove/", search.forget, name="forget_search"),
    path("discussion/similar/", search.similar, name="similar"),
    path("discussion/new/", threads.start, name="start"),
    path("discussion/in/<int:place>/", threads.place_list, name="place"),
    path("discussion/people/", threads.people, name="people"),
    path("discussion/name/", threads.choose_name, name="name"),
    path("discussion/files/<int:attachment>/", posts.attachment, name="attachment"),
    path(_THREAD, threads.thread, name="thread"),
    path(f"{_THREAD}level/", threads.level, name="level"),
    path(f"{_THREAD}read/", threads.read, name="read"),
    path(f"{_THREAD}posts/", posts.write, name="write"),
    path(f"{_THREAD}moderate/", desk.moderate_thread, name="moderate_thread"),
    path(f"{_THREAD}split/", rearranging.split, name="split"),
    path(f"{_THREAD}merge/", rearranging.merge, name="merge"),
    path(_POST, posts.permalink, name="post"),
    path(f"{_POST}quote/", posts.quote, name="quote"),
    path(f"{_POST}edit/", posts.edit, name="edit"),
    path(f"{_POST}delete/", posts.delete, name="delete"),
    path(f"{_POST}history/", posts.history, name="history"),
    path(f"{_POST}thanks/", posts.thanks, name="thanks"),
    path(f"{_POST}accept/", posts.accept, name="accept"),
    path(f"{_POST}flag/", posts.flag, name="flag"),
    path(f"{_POST}moderate/", desk.moderate_post, name="moderate_post"),
    path("desk/discussion/", desk.flags, name="flags"),
    path("desk/discussion/unanswered/", desk.unanswered, name="unanswered"),
    path("desk/discussion/people/<int:enrolment>/", desk.suspension, name="suspension"),
    path("desk/discussion/topics/", desk.topics, name="topics"),
    path("desk/discussion/topics/<int:pk>/remove/", desk.remove_topic, name="remove_topic"),
]
