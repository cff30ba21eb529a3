"""One way to cut a long list into pages."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PER_PAGE = 50


def page_of(
    request: HttpRequest, rows: QuerySet[Any] | Sequence[Any], *, per_page: int = PER_PAGE, parameter: str = "page"
) -> Page[Any]:
    """Return the page that the address asks for; a page beyond the ends becomes the nearest one."""
    return Paginator(rows, per_page).get_page(request.GET.get(parameter))
