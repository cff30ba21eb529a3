"""How every Django form is drawn: label, required mark, hint, field, error beneath, and a summary of errors on top."""

from typing import Any

from django.forms import BoundField, Widget
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_noop

# Django's own words that our Japanese catalogue says in a more everyday way; named here for the list of texts.
REWORDED = (gettext_noop("This field is required."),)


class CampusBoundField(BoundField):
    """A field without a placeholder: it vanishes while one types, and a label says the same for good."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        return {**super().build_widget_attrs(attrs, widget), "placeholder": False}


class CampusFormRenderer(DjangoTemplates):
    """Draws forms by `ui/forms/*.html`; settings.FORM_RENDERER points here."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = CampusBoundField
