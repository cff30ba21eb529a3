"""Comparing texts without differences of width, case and white space: `squeeze` in Python, `__squeezed` in queries."""

import unicodedata

from django.db.models import CharField, TextField, Transform


def squeeze(text: str) -> str:
    """The text as the transform has it."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@CharField.register_lookup
@TextField.register_lookup
class Squeezed(Transform):
    """``name__squeezed__contains``: for the few thousand short texts that a query can look through."""

    lookup_name = "squeezed"
    template = r"regexp_replace(lower(normalize(%(expressions)s, NFKC)), '\s+', '', 'g')"
    output_field = TextField()
