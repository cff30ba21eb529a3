"""The form that begins a rescoring, and the one that narrows the list of its changes."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from campus.cases.models import CaseVersion
from campus.rescoring.models import Rescoring
from campus.rescoring.queries import Offer
from campus.ui.lists import Filter


class VersionField(forms.ModelChoiceField):
    def label_from_instance(self, version: CaseVersion) -> str:
        return version.version


class BeginForm(forms.ModelForm):
    """Which version to measure by, and why."""

    to_version = VersionField(
        queryset=CaseVersion.objects.none(),
        label=_("Version to score with"),
        error_messages={"required": _("Choose the version to score with.")},
    )

    class Meta:
        model = Rescoring
        fields = ["to_version", "reason"]
        error_messages = {
            "reason": {"required": _("Enter a reason. It is shown to everybody whose score or place changes.")}
        }
        widgets = {"reason": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, data: Any = None, *, offer: Offer) -> None:
        super().__init__(data, prefix=offer.case.slug)
        self.offer = offer
        field = self.fields["to_version"]
        field.queryset = CaseVersion.objects.filter(pk__in=[version.pk for version in offer.fitting])  # type: ignore[attr-defined]
        if len(offer.fitting) == 1:
            field.empty_label = None  # type: ignore[attr-defined]


class ChangeFilter(Filter):
    """Only what changes, unless everything is asked for."""

    everybody = forms.BooleanField(label=_("Also show participants for whom nothing changes"))

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows if self.cleaned_data["everybody"] else rows.filter(is_changed=True)
