"""Django's templates, which let go of a page's data as soon as the page is written."""

from typing import Any

from django.http import HttpRequest
from django.template import TemplateDoesNotExist
from django.template.backends import django as base
from django.template.context import make_context
from django.utils.safestring import SafeString


class Template(base.Template):
    """A context and its innermost dictionary name each other, so only the garbage collector would free them, and with
    them the tens of thousands of objects of a page over 2,000 learners: a tenth of such a page's time."""

    def render(self, context: dict[str, Any] | None = None, request: HttpRequest | None = None) -> SafeString:
        made = make_context(context, request, autoescape=self.backend.engine.autoescape)
        try:
            return self.template.render(made)
        except TemplateDoesNotExist as error:
            base.reraise(error, self.backend)
        finally:
            made.dicts.clear()


class Templates(base.DjangoTemplates):
    def from_string(self, template_code: str) -> Template:
        return Template(self.engine.from_string(template_code), self)

    def get_template(self, template_name: str) -> Template:
        try:
            return Template(self.engine.get_template(template_name), self)
        except TemplateDoesNotExist as error:
            base.reraise(error, self)
