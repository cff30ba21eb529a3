"""A post as one line of plain text, for lists and excerpts: without the marks of Markdown."""

import lxml.html

from campus.discussion.models import Post


def plain_text(post: Post) -> str:
    """What the post says as its readers see it; a formula as it was typed."""
    if not post.html:
        return " ".join(post.text.split())
    body = lxml.html.fragment_fromstring(post.html, create_parent="div")
    for formula in list(body.iter("math")):
        said = formula.get("alttext") or ""
        formula.clear(keep_tail=True)
        formula.text = said
    return " ".join(body.text_content().split())
