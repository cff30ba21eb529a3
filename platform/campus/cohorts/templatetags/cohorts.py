"""The desk's menu as a template tag."""

from typing import Any

from django import template
from django.template import Context

from campus.cohorts.desk import desk_of, first_on_desk
from campus.cohorts.models import Cohort
from campus.cohorts.rules import is_operator
from campus.people.models import Person

register = template.Library()


@register.filter
def takes_part_in(person: Person, cohort: Cohort | str | None) -> bool:
    """Whether the cohort's pages are open to the person; a page without a cohort has an empty text for it."""
    return isinstance(cohort, Cohort) and person.has_perm("cohorts.view_cohort", cohort)


@register.inclusion_tag("cohorts/parts/desk_menu.html", takes_context=True)
def desk_menu(context: Context) -> dict[str, Any]:
    """Draw the menu of the page's cohort; the page's own entry, or the one it lies below, is marked."""
    request = context["request"]
    menu = desk_of(request.user, context["cohort"])
    addresses = [entry.address for _, entries in menu for entry in entries if request.path.startswith(entry.address)]
    return {"menu": menu, "here": max(addresses, key=len, default="")}


@register.inclusion_tag("cohorts/parts/operator_links.html", takes_context=True)
def operator_links(context: Context) -> dict[str, Any]:
    """Draw the main menu's entries of those who run the installation."""
    request = context["request"]
    return {"request": request, "is_operator": is_operator(request.user)}


@register.inclusion_tag("cohorts/parts/desk_link.html", takes_context=True)
def desk_link(context: Context) -> dict[str, Any]:
    """Draw the main menu's way to the desk, for those who have anything there."""
    request, cohort = context["request"], context["cohort"]
    return {"address": first_on_desk(request.user, cohort), "is_here": f"/cohorts/{cohort.slug}/desk/" in request.path}
