"""Filters for what a pack says: texts in both languages, short names, scores."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campus.cases import words
from campus.cohorts.models import in_reader_language
from campus.ui.templatetags.ui import yen

register = template.Library()

_SAID = {
    "part": words.FILE_PARTS,
    "role": words.COLUMN_ROLES,
    "type": words.COLUMN_TYPES,
    "kind": words.SUBMISSION_KINDS,
    "direction": words.DIRECTIONS,
    "licence": words.LICENCES,
}


@register.filter
def said(text: Mapping[str, str] | None) -> str:
    """The reader's language of a text ``{"ja", "en"}`` of a manifest; nothing where there is none."""
    return in_reader_language(text.get("ja", ""), text.get("en", "")) if text else ""


@register.filter
def worded(name: str, kind: str) -> str:
    """A short name of the manifest in words; kind: part, role, type, kind, direction, licence."""
    return str(_SAID[kind].get(name, name))


@register.filter
def score(value: float | None, metric: Mapping[str, Any]) -> str:
    """A score with the digits and the unit of its metric: `0.4712`, `12 個`; yen as everywhere, `¥670,000`."""
    if value is None:
        return "—"
    if (metric.get("unit") or {}).get("en") == "yen":
        return yen(value)
    digits = max(0, int(metric.get("digits", 0)))
    number = f"{value:,.{digits}f}".replace("-", "−")
    unit = said(metric.get("unit"))
    return f"{number} {unit}" if unit else number


@register.filter
def of_key(values: Mapping[str, Any], key: str) -> Any:
    """The value under a key that only the data know."""
    return values.get(key)


@register.filter
def bounds(column: Mapping[str, Any]) -> str:
    """Which values a column of a submission may have, in words."""
    kind = _("Whole numbers") if column.get("integer") else _("Numbers")
    low, high = column.get("min"), column.get("max")
    if low is not None and high is not None:
        return _("%(kind)s from %(low)s to %(high)s") % {"kind": kind, "low": f"{low:,}", "high": f"{high:,}"}
    if low is not None:
        return _("%(kind)s from %(low)s") % {"kind": kind, "low": f"{low:,}"}
    if high is not None:
        return _("%(kind)s up to %(high)s") % {"kind": kind, "high": f"{high:,}"}
    return kind


@register.filter
def rounding(digits: int) -> str:
    """How a metric's values are rounded before they are compared."""
    if digits > 0:
        return (
            ngettext(
                "Rounded to %d decimal place for comparison", ("Rounded to %d decimal places for comparison"), digits
            )
            % digits
        )
    unit = f"{10**-digits:,}"
    return (
        _("Rounded to whole numbers for comparison")
        if digits == 0
        else _("Rounded to steps of %(unit)s for comparison") % {"unit": unit}
    )


@register.filter
def percent(share: float) -> str:
    """A share as a percentage without its sign."""
    return f"{share * 100:.0f}"


@register.simple_tag
def baseline_label(manifest: Mapping[str, Any], key: str) -> str:
    """What the baseline of this key is called."""
    return next((said(one["label"]) for one in manifest["baselines"] if one["key"] == key), key)
