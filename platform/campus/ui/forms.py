"""How every Django form is drawn: label, required mark, hint, field, error beneath, and a summary of errors on top."""

from django.forms.renderers import DjangoTemplates


class CampusFormRenderer(DjangoTemplates):
    """Draws forms by `ui/forms/*.html`; settings.FORM_RENDERER points here."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
