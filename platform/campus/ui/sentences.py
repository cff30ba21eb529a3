"""Sentences that stand side by side: a space apart in English; Japanese has none there."""

from django.utils.translation import get_language


def gap() -> str:
    """Return what stands between two sentences in the language of the page."""
    return "" if get_language() == "ja" else " "
