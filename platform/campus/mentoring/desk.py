"""This app's pages on the desk."""

from django.utils.translation import pgettext_lazy

from campus.cohorts.desk import Section, lay_on_desk

lay_on_desk(
    section=Section.PROGRESS,
    label=pgettext_lazy("desk", "Mentors’ queue"),
    url_name="mentoring:queue",
    permission="mentoring.see_queue",
    position=30,
)
lay_on_desk(
    section=Section.PROGRESS,
    label=pgettext_lazy("desk", "Mentors and their reviews"),
    url_name="mentoring:overview",
    permission="mentoring.oversee",
    position=31,
)
