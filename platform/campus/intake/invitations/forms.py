"""Forms of invitations: for whom, a corrected address, and the newcomer's password."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campus.intake.imports.values import LONGEST_ADDRESS, Refused, address


class InviteForm(forms.Form):
    """For whom; ``query`` are the filters of the list."""

    scope = forms.ChoiceField(
        label=pgettext_lazy("selection", "Apply to"),
        choices=[
            ("checked", pgettext_lazy("selection", "The people ticked")),
            ("all", pgettext_lazy("selection", "Everybody in the list, all pages")),
        ],
    )
    query = forms.CharField(required=False, widget=forms.HiddenInput)


class AddressForm(forms.Form):
    """The right address of somebody whose invitation came back."""

    address = forms.CharField(
        label=_("Correct address"),
        max_length=LONGEST_ADDRESS,
        widget=forms.EmailInput({"autocomplete": "off"}),
    )

    def clean_address(self) -> str:
        try:
            return address(self.cleaned_data["address"])
        except Refused as refused:
            raise forms.ValidationError(_("Please enter an email address.")) from refused
