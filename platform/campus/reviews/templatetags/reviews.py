"""The band in which a result lies, as a picture beside its words."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from campus.reviews.results import Line

register = template.Library()
LENGTH = 300


@register.simple_tag
def band(line: Line) -> SafeString:
    """Draw value and interval on the scale from the lowest to the highest level; the words beside it say the same."""
    return format_html(
        '<svg class="review-band" viewBox="0 0 {length} 20" aria-hidden="true" focusable="false" preserveAspectRatio='
        '"none"><rect class="scale" x="0" y="8" width="{length}" height="4"/><rect class="band" x="{low}" y="3" '
        'width="{width}" height="14" rx="4"/><rect class="value" x="{value}" y="1" width="5" height="18"/></svg>',
        length=LENGTH,
        low=round(line.at(line.low) * LENGTH),
        width=max(4, round((line.at(line.high) - line.at(line.low)) * LENGTH)),
        value=round(line.at(line.value) * (LENGTH - 5)),
    )
