"""This app's pages on the desk."""

from django.utils.translation import pgettext_lazy

from campus.cohorts.desk import Section, lay_on_desk

_PERMISSION = "cohorts.look_after_learners"
for _position, (_label, _name) in enumerate(
    [
        (pgettext_lazy("desk", "Overview"), "overview"),
        (pgettext_lazy("desk", "Follow-up"), "follow_up"),
        (pgettext_lazy("desk", "Who is where"), "learners"),
        (pgettext_lazy("desk", "Funnel and classes"), "funnel"),
        (pgettext_lazy("desk", "Completion"), "completion"),
    ]
):
    lay_on_desk(
        section=Section.PROGRESS,
        label=_label,
        url_name=f"progress:{_name}",
        permission=_PERMISSION,
        position=_position,
    )
