"""How every Django form is drawn: label, required mark, hint, field, error beneath, and a summary of errors on top."""

from typing import Any

from django.forms import BoundField, Widget
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_noop, ngettext_lazy

# Django's own words that our Japanese catalogue says in a more everyday way; named here for the list of texts.
REWORDED = (
    gettext_noop("This field is required."),
    gettext_noop("Select a valid choice. That choice is not one of the available choices."),
    gettext_noop("Select a valid choice. %(value)s is not one of the available choices."),
    gettext_noop("Ensure this value is less than or equal to %(limit_value)s."),
    gettext_noop("Ensure this value is greater than or equal to %(limit_value)s."),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
)


class CampusBoundField(BoundField):
    """A field without a placeholder: it vanishes while one types, and a label says the same for good."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        return {**super().build_widget_attrs(attrs, widget), "placeholder": False}


class CampusFormRenderer(DjangoTemplates):
    """Draws forms by `ui/forms/*.html`; settings.FORM_RENDERER points here."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = CampusBoundField
