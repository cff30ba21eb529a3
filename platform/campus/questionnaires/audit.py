"""What the audit log calls the actions on forms, and how it names them."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.audit import Name, group_of_actions, labels_for, names_of, words_for
from campus.questionnaires.models import Questionnaire, Version

words_for(
    {
        "questionnaire.created": _("started the form %(subject)s"),
        "questionnaire.changed": _("changed the settings of the form %(subject)s: %(fields)s"),
        "questionnaire.copied": _("copied a form: %(subject)s"),
        "questionnaire.published": _("published version %(number)s of the form %(subject)s"),
        "questionnaire.closed": _("closed the form %(subject)s"),
        "questionnaire.draft_begun": _("started version %(number)s of the form %(subject)s"),
        "questionnaire.draft_discarded": _("discarded the draft of version %(number)s of the form %(subject)s"),
        "questionnaire.draft_changed": _("changed the draft of the form %(subject)s: %(fields)s"),
        "questionnaire.section_saved": _("changed a section of the form %(subject)s"),
        "questionnaire.section_moved": _("moved a section of the form %(subject)s"),
        "questionnaire.section_deleted": _("deleted a section of the form %(subject)s"),
        "questionnaire.question_saved": _("changed a question of the form %(subject)s"),
        "questionnaire.question_moved": _("moved a question of the form %(subject)s"),
        "questionnaire.question_deleted": _("deleted a question of the form %(subject)s"),
        "questionnaire.downloaded": _("downloaded the answers to the form %(subject)s: %(count)s"),
    }
)

for _model in (Questionnaire, Version):
    labels_for("fields", {field.name: field.verbose_name for field in _model._meta.fields if field.editable})


def _questionnaires(ids: Collection[int]) -> dict[int, Name]:
    found = Questionnaire.objects.filter(pk__in=ids).select_related("cohort")
    return {
        one.pk: Name(one.title, reverse("questionnaires:desk_form", args=[one.cohort.slug, one.pk])) for one in found
    }


names_of("questionnaire", _questionnaires)
group_of_actions("questionnaire", pgettext_lazy("questionnaires", "Forms"))
