"""Pages of long lists in the API."""

from typing import Any, Generic, TypeVar

from django.core.paginator import Paginator
from ninja import Field, Schema

Item = TypeVar("Item")
LARGEST_PAGE = 100


class PageQuery(Schema):
    """Which page of a list."""

    page: int = Field(1, ge=1, le=1_000_000, description="Page, counted from 1. A page behind the last one is empty.")
    per_page: int = Field(50, ge=1, le=LARGEST_PAGE, description="Entries on a page.")


class Page(Schema, Generic[Item]):
    """A page of a list."""

    items: list[Item] = Field(description="The entries of this page, in order.")
    total: int = Field(description="Entries on all pages together.")
    page: int = Field(description="This page, counted from 1.")
    pages: int = Field(description="How many pages there are, at least 1.")


def cut(entries: Any, query: PageQuery) -> tuple[list[Any], dict[str, int]]:
    """The entries of one page of a QuerySet or list, and the fields of Page beside ``items``."""
    paginator = Paginator(entries, query.per_page)
    inside = query.page <= paginator.num_pages
    found = list(paginator.page(query.page).object_list) if inside else []
    return found, {"total": paginator.count, "page": query.page, "pages": paginator.num_pages}
