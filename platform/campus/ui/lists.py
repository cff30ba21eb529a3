"""A list as a page and as a file: columns, filters, sorting, paging, and download of all that the filters leave."""

from abc import ABCMeta, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django import forms
from django.db.models import Q
from django.forms.forms import DeclarativeFieldsMetaclass
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise, cached_property

from campus.ui.exports import FORMATS, Cell, download
from campus.ui.moments import moment_in_words
from campus.ui.pagination import PER_PAGE, page_of

Words = str | Promise
SORT, EXPORT = "sort", "export"


@dataclass(frozen=True)
class Column:
    """One column.

    value: what a row holds here, for the file and, where ``cell`` is missing, for the page.
    cell: how the page shows it (safe HTML); sort: the model's field that orders by it, of a list in memory what
    to compare, empty for none. note: what the page says below the label. is_short: a word or two that take no more
    room than they need. is_long: sentences, which get room for some words a line. on_page, in_file: where the column
    appears.
    """

    key: str
    label: Words
    value: Callable[[Any], Cell | Promise]
    cell: Callable[[Any], Any] | None = None
    sort: str | Callable[[Any], Any] = ""
    note: Words = ""
    is_number: bool = False
    is_short: bool = False
    is_long: bool = False
    on_page: bool = True
    in_file: bool = True

    @property
    def kind(self) -> str:
        """How the style sheet calls its cells."""
        return next((kind for kind in ("number", "short", "long") if getattr(self, f"is_{kind}")), "")

    def shown(self, row: Any) -> Any:
        """What the page shows; a dash where there is nothing."""
        shown = self.cell(row) if self.cell else self.value(row)
        return "—" if shown is None or shown == "" else shown


class _AbstractForm(DeclarativeFieldsMetaclass, ABCMeta):
    """Of forms that are abstract."""


class Filter(forms.Form, metaclass=_AbstractForm):
    """A form in the address (GET) that narrows a list; subclasses say how in ``narrow``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    @abstractmethod
    def narrow(self, rows: Any) -> Any:
        """The rows that the filled-in fields leave; called with valid ``cleaned_data``."""

    def chosen(self, rows: Any) -> Any:
        """The rows that the address asks for; all of them where it can't be understood."""
        return self.narrow(rows) if self.is_valid() else rows

    @property
    def is_narrowing(self) -> bool:
        """Whether any field is filled in."""
        return any(self.data.get(name) for name in self.fields)


class TextFilter(Filter):
    """By words that stand in any of the fields ``within``, for lists that nothing else narrows."""

    words = forms.CharField(max_length=100)

    def __init__(self, *args: Any, label: Words, within: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = label  # type: ignore[assignment]
        self._within = within

    def narrow(self, rows: Any) -> Any:
        for word in self.cleaned_data["words"].split():
            rows = rows.filter(reduce(or_, (Q(**{f"{field}__icontains": word}) for field in self._within)))
        return rows


@dataclass(frozen=True)
class Heading:
    """A column's head on the page, with the address that sorts by it."""

    column: Column
    order: str  # ascending, descending or empty, as aria-sort says it
    address: str


class Row(NamedTuple):
    """A row of the page; ``name`` says to those who don't see the table what its checkbox is about."""

    shown: Any
    name: Any
    cells: list[tuple[Column, Any]]


class Listing:
    """The rows of a list as the address asks for them; draw it with ``{% listing listing caption %}``.

    rows: a QuerySet. name: of downloaded files. order: the order without a wish; put something unique last.
    selectable: a checkbox named ``selected`` stands before each row, for the page's form with the id ``with-selected``
    (beside the list, not around it: the filters are a form too).
    """

    def __init__(
        self,
        request: HttpRequest,
        rows: Any,
        *,
        columns: Sequence[Column],
        name: str,
        order: Sequence[str],
        filters: Filter | None = None,
        per_page: int = PER_PAGE,
        selectable: bool = False,
    ) -> None:
        self.request = request
        self.columns = columns
        self.name = name
        self.filters = filters
        self.selectable = selectable
        self._order = order
        self._per_page = per_page
        self.rows = self._sorted(filters.chosen(rows) if filters else rows)

    def _sorted(self, rows: Any) -> Any:
        column = self._sorted_by()
        if column is None:
            return rows.order_by(*self._order)
        wish = f"-{column.sort}" if self._wish.startswith("-") else column.sort
        return rows.order_by(wish, *self._order)

    def _sorted_by(self) -> Column | None:
        key = self._wish.removeprefix("-")
        return next((column for column in self.columns if column.sort and column.key == key), None)

    @property
    def _wish(self) -> str:
        return self.request.GET.get(SORT, "")

    @cached_property
    def page(self) -> Any:
        """The page of rows that the address asks for."""
        return page_of(self.request, self.rows, per_page=self._per_page)

    @property
    def total(self) -> int:
        return int(self.page.paginator.count)

    @property
    def headings(self) -> list[Heading]:
        return [self._heading(column) for column in self.columns if column.on_page]

    def _heading(self, column: Column) -> Heading:
        if not column.sort:
            return Heading(column, "", "")
        order = ""
        if column is self._sorted_by():
            order = "descending" if self._wish.startswith("-") else "ascending"
        key = f"-{column.key}" if order == "ascending" else column.key
        return Heading(column, order, self._address(**{SORT: key, "page": None}))

    def lines(self) -> Iterable[Row]:
        """Each row of the page with what its columns show."""
        columns = [column for column in self.columns if column.on_page]
        name = columns[0].value
        return (
            Row(
                row,
                _in_words(name(row)) if self.selectable else "",
                [(column, column.shown(row)) for column in columns],
            )
            for row in self.drawn(self.page)
        )

    def drawn(self, rows: Iterable[Any]) -> Iterable[Any]:
        """The rows as the columns take them; lists that know little of each row read the rest here."""
        return rows

    @property
    def downloads(self) -> list[tuple[str, str]]:
        """Format and address of each file."""
        return [(form, self._address(**{EXPORT: form, "page": None})) for form in FORMATS]

    @property
    def without_filters(self) -> str:
        return self.request.path

    @property
    def sort_wish(self) -> str:
        """Kept when the filters are sent again."""
        return self._wish if self._sorted_by() else ""

    def download(self) -> HttpResponse | None:
        """The file that the address asks for, with all rows that the filters leave; None for the page."""
        form = self.request.GET.get(EXPORT, "")
        if form not in FORMATS:
            return None
        columns = [column for column in self.columns if column.in_file]
        header = [str(column.label) for column in columns]
        rows = ([_said(column.value(row)) for column in columns] for row in self._all())
        return download(name=self.name, form=form, header=header, rows=rows)

    def _all(self) -> Iterable[Any]:
        return self.rows.iterator(chunk_size=2000)

    def _address(self, **changes: str | None) -> str:
        query = self.request.GET.copy()
        for dropped in (EXPORT, *(key for key, value in changes.items() if value is None)):
            query.pop(dropped, None)
        for key, value in changes.items():
            if value is not None:
                query[key] = value
        return f"?{query.urlencode()}"


class MemoryListing(Listing):
    """The same for rows that were worked out in memory: a list, in the order without a wish; ``order`` stays empty."""

    def _sorted(self, rows: Sequence[Any]) -> Sequence[Any]:
        column = self._sorted_by()
        if column is None or not callable(column.sort):
            return rows
        keys = [(column.sort(row), row) for row in rows]
        missing = [row for key, row in keys if key is None]
        known = sorted((pair for pair in keys if pair[0] is not None), key=lambda pair: pair[0])
        ordered = [row for _, row in known]
        return (ordered[::-1] if self._wish.startswith("-") else ordered) + missing

    def _all(self) -> Iterable[Any]:
        return self.drawn(self.rows)


def _said(value: Cell | Promise) -> Cell:
    return str(value) if isinstance(value, Promise) else value


def _in_words(name: Any) -> Any:
    """What a row is called; a moment as the page shows it."""
    return moment_in_words(name) if isinstance(name, datetime) else name
