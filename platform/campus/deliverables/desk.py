"""This app's pages on the desk."""

from django.utils.translation import pgettext_lazy

from campus.cohorts.desk import Section, lay_on_desk

lay_on_desk(
    section=Section.PROGRESS,
    label=pgettext_lazy("desk", "Hand-ins"),
    url_name="deliverables:desk",
    permission="deliverables.list",
    position=60,
)
