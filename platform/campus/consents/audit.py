"""What the audit log calls the actions on consents, and how it names versions."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campus.cohorts.audit import Name, group_of_actions, names_of, words_for
from campus.consents.models import ConsentVersion

words_for(
    {
        "consents.draft_opened": gettext_lazy("started a draft of the consents: %(subject)s"),
        "consents.draft_saved": gettext_lazy("changed the draft of the consents: %(subject)s, %(items)s items"),
        "consents.published": gettext_lazy("published %(subject)s of the consents, %(items)s items"),
        "enrolment.begun": gettext_lazy("began to take part"),
    }
)


def _versions(ids: Collection[int]) -> dict[int, Name]:
    return {
        one.pk: Name(
            _("Version %(number)s") % {"number": one.number},
            reverse("consents:version", args=[one.cohort.slug, one.number]),
        )
        for one in ConsentVersion.objects.filter(pk__in=ids).select_related("cohort")
    }


names_of("consent_version", _versions)
group_of_actions("consents", pgettext_lazy("desk", "Consents"))
