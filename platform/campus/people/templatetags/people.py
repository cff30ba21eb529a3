"""What the account pages need beyond their views."""

from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.urls import reverse

from campus.people.account_pages import account_pages

register = template.Library()


@register.inclusion_tag("ui/parts/tabs.html", takes_context=True)
def account_tabs(context: Context, label: str) -> dict[str, Any]:
    """Draw the tabs of one's own pages; the page's own, or the one it lies below, is marked."""
    here = context["request"].path
    addresses = [(page.label, reverse(page.url_name)) for page in account_pages if page.is_shown()]
    own = max((address for _, address in addresses if here.startswith(address)), key=len, default="")
    return {"label": label, "tabs": [(text, address, address == own) for text, address in addresses]}


@register.simple_tag
def organisers_need_it() -> bool:
    """Whether the site wants organisers to have a second factor."""
    return bool(settings.ENVIRONMENT.second_factor == "organisers")
