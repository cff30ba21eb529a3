"""The shared components as template tags, and filters for moments and numbers."""

import json
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from campus.ui import sentences
from campus.ui.lists import Listing
from campus.ui.moments import date_in_words, moment_in_words, time_left_in_words

register = template.Library()

SOON = timedelta(days=3)
NOTHING = "—"
BANNER_KINDS = {"info": "info", "success": "success", "warning": "warning", "error": "error", "debug": "info"}


@register.filter
def local_time(moment: datetime | None) -> str:
    """Show a moment in the reader's zone and language; an em dash where there is none."""
    if moment is None:
        return NOTHING
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), moment_in_words(moment))


@register.filter
def local_date(day: date | None) -> str:
    """Show a day (or the day of a moment in the reader's zone)."""
    if day is None:
        return NOTHING
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), date_in_words(day))


@register.filter
def time_left(moment: datetime | None) -> str:
    """Show e.g. あと3日 or `3 days left`."""
    return NOTHING if moment is None else time_left_in_words(moment)


@register.filter
def number(value: float | None, decimals: int = 0) -> str:
    """Show a number with separated thousands and a true minus sign."""
    return NOTHING if value is None else f"{value:,.{decimals}f}".replace("-", "−")


@register.filter
def yen(value: float | None) -> str:
    """Show an amount as ¥1,234,567."""
    if value is None:
        return NOTHING
    return f"{'−' if value <= -0.5 else ''}¥{abs(value):,.0f}"


register.simple_tag(sentences.gap)


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """Draw one form field with label, hint and errors."""
    return bound.as_field_group()


@register.inclusion_tag("ui/parts/deadline.html")
def deadline(moment: datetime) -> dict[str, Any]:
    """Draw a deadline with how long is left; red within the last three days."""
    return {"value": moment, "soon": timedelta(0) < moment - timezone.now() < SOON}


@register.simple_tag
def chip(text: str, kind: str = "") -> str:
    """Draw a small label; kind: info, success, warning, error, strong or nothing."""
    return format_html('<span class="chip {}">{}</span>', kind, text)


@register.inclusion_tag("ui/parts/breadcrumbs.html")
def breadcrumbs(*parts: str) -> dict[str, Any]:
    """Draw the way to this page from pairs of label and address; the last label stands alone."""
    return {"crumbs": [(parts[i], parts[i + 1] if i + 1 < len(parts) else "") for i in range(0, len(parts), 2)]}


@register.inclusion_tag("ui/parts/tabs.html", takes_context=True)
def tabs(context: Context, label: str, *parts: str) -> dict[str, Any]:
    """Draw pages of one thing as tabs from pairs of label and address; the page's own is marked."""
    here = context["request"].path
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {"label": label, "tabs": [(text, address, address.split("?")[0] == here) for text, address in pairs]}


@register.inclusion_tag("ui/parts/progress.html")
def progress(label: str, value: int, maximum: int) -> dict[str, Any]:
    """Draw how much of something is done."""
    return {"label": label, "value": value, "maximum": maximum, "id": f"progress-{slugify(label, allow_unicode=True)}"}


@register.inclusion_tag("ui/parts/chart.html")
def chart(src: str, label: str) -> dict[str, Any]:
    """Draw the figures that the JSON at `src` holds (its form: static/ui/chart.js), as a picture and as a table."""
    return {"src": src, "label": label}


@register.inclusion_tag("ui/parts/chart.html")
def chart_of(figures: dict[str, Any], label: str) -> dict[str, Any]:
    """Draw figures (their form: static/ui/chart.js) that the page has at hand; without scripts their table is shown."""
    rows = [
        (name, [_shown(series["values"][row]) for series in figures["series"]])
        for row, name in enumerate(figures["labels"])
    ]
    names = [series["name"] for series in figures["series"]]
    return {"figures": json.dumps(figures), "label": label, "x": figures.get("x", ""), "names": names, "rows": rows}


def _shown(value: float | None) -> str:
    """As chart.js writes it: four decimals at most."""
    return NOTHING if value is None else f"{value:,.4f}".rstrip("0").rstrip(".")


@register.inclusion_tag("ui/parts/pagination.html", takes_context=True)
def paginate(context: Context, page: Page[Any], parameter: str = "page") -> dict[str, Any]:
    """Draw links to the pages of a list, keeping the rest of the address."""
    query = context["request"].GET.copy()

    def address(number: int | str) -> str:
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {
        "page": page,
        "links": [(n, address(n) if isinstance(n, int) else "") for n in numbers],
        "previous": address(page.number - 1),
        "next": address(page.number + 1),
    }


@register.inclusion_tag("ui/parts/listing.html", takes_context=True)
def listing(context: Context, listing: Listing, caption: str, empty: str = "") -> dict[str, Any]:
    """Draw a list with its filters, downloads, sorting and pages; `empty` says what to do while there is nothing."""
    return {"request": context["request"], "listing": listing, "caption": caption, "empty": empty}


@register.simple_block_tag
def banner(content: str, kind: str = "info", title: str = "") -> SafeString:
    """Draw a notification; kind: info, success, warning, error."""
    context = {"kind": BANNER_KINDS.get(kind, "info"), "title": title, "body": content}
    return render_to_string("ui/parts/banner.html", context)


@register.simple_block_tag
def table(content: str, caption: str, hidden: bool = False) -> SafeString:
    """Draw a table in a box of its own that scrolls where it is too wide; `content` is thead and tbody."""
    name = f"table-{slugify(caption, allow_unicode=True)}"
    return render_to_string("ui/parts/table.html", {"caption": caption, "hidden": hidden, "body": content, "id": name})


@register.simple_block_tag
def empty_state(content: str, title: str) -> SafeString:
    """Say that a list is empty and what to do next."""
    return render_to_string("ui/parts/empty.html", {"title": title, "body": mark_safe(content.strip())})  # noqa: S308


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> SafeString:  # noqa: A002
    """Draw a dialog that a button with `data-opens="<id>"` opens."""
    return render_to_string("ui/parts/dialog.html", {"id": id, "title": title, "body": content})
