"""What the audit log calls the actions of intake, and how it names applications."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.audit import Name, counted, group_of_actions, labels_for, names_of, words_for
from campus.intake.models import Admission, Application, Decision

words_for(
    {
        "import.uploaded": _("uploaded a list of people (rows: %(rows)s, to be corrected: %(refused)s)"),
        "import.done": _(
            "imported people (new: %(new)s, known: %(known)s, changed: %(changed)s, unchanged: %(same)s, "
            "left: %(leaves)s)"
        ),
        "admission.changed": _("changed the call for applications (%(fields)s)"),
        "admission.announced": counted(
            "announced results to %(count)s person", "announced results to %(count)s people"
        ),
        "application.submitted": _("applied"),
        "application.withdrawn": _("withdrew the application"),
        "application.noted": _("changed the note about the applicant %(subject)s"),
        "application.decided": _("decided about the applicant %(subject)s: %(decision)s"),
        "invitation.sent": _("invited %(subject)s"),
        "invitation.accepted": _("accepted the invitation"),
        "invitation.renewed": _("sent %(subject)s a new invitation in place of an expired one"),
        "invitation.address_corrected": _("corrected the address of %(subject)s and sent a new invitation"),
    }
)

group_of_actions("import", pgettext_lazy("desk", "Import people"))
group_of_actions("admission", pgettext_lazy("desk", "Call for applications"))
group_of_actions("application", pgettext_lazy("desk", "Applicants"))
group_of_actions("invitation", pgettext_lazy("desk", "Invitations"))

labels_for("decision", dict(Decision.choices))
labels_for("fields", {field.name: field.verbose_name for field in Admission._meta.fields if field.editable})


def _applications(ids: Collection[int]) -> dict[int, Name]:
    found = Application.objects.filter(pk__in=ids).select_related("enrolment__person", "enrolment__cohort")
    return {
        one.pk: Name(one.enrolment.person.name, reverse("intake:applicant", args=[one.enrolment.cohort.slug, one.pk]))
        for one in found
    }


names_of("application", _applications)
