"""The call for applications of an earlier cohort, for a new one: text, places and dates moved along."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.copying import Copying, Part, can_copy
from campus.intake.applications.actions import set_admission
from campus.intake.models import Admission
from campus.ui.moments import moment_in_words

MOMENTS = ("opens_at", "closes_at", "announces_at")


def _moved(copying: Copying, admission: Admission) -> dict[str, object]:
    moments = {name: getattr(admission, name) for name in MOMENTS}
    return {name: copying.moved(moment) if moment else None for name, moment in moments.items()}


def _preview(copying: Copying) -> list[str]:
    admission = Admission.objects.filter(cohort=copying.source).first()
    if admission is None:
        return []
    dates = _moved(copying, admission)
    words = {"opens": moment_in_words(dates["opens_at"]), "closes": moment_in_words(dates["closes_at"])}  # type: ignore[arg-type]
    return [_("Applications from %(opens)s to %(closes)s") % words]


def _copy(copying: Copying) -> int:
    admission = Admission.objects.filter(cohort=copying.source).first()
    if admission is None:
        return 0
    texts = {name: getattr(admission, name) for name in ("description_ja", "description_en", "capacity")}
    set_admission(cohort=copying.target, actor=copying.actor, **texts, **_moved(copying, admission))
    return 1


can_copy(
    Part(
        key="admission",
        label=pgettext_lazy("copying", "The call for applications"),
        preview=_preview,
        copy=_copy,
        position=60,
    )
)
