"""A cohort's consents as a part that a new cohort can take over: as a draft, for somebody to read and publish."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from campus.cohorts.copying import Copying, Part, can_copy
from campus.consents.actions import replace_items
from campus.consents.models import ConsentItem, ConsentVersion

COPIED = ("key", "kind", "title_ja", "title_en", "text_ja", "text_en", "is_required")


def preview(copying: Copying) -> list[str]:
    """The items of the version in force."""
    current = ConsentVersion.objects.current(copying.source)
    return [_("Draft: %(title)s") % {"title": item.title} for item in current.items.all()] if current else []


def copy(copying: Copying) -> int:
    """Copy the version in force; nobody's answers, and nothing is published."""
    current = ConsentVersion.objects.current(copying.source)
    if current is None:
        return 0
    draft = ConsentVersion.objects.create(
        cohort=copying.target, number=1, intro_ja=current.intro_ja, intro_en=current.intro_en
    )
    items = [ConsentItem(**{name: getattr(item, name) for name in COPIED}) for item in current.items.all()]
    replace_items(version=draft, items=items)
    return len(items)


can_copy(Part("consents", pgettext_lazy("to copy", "Consents, as a draft"), preview, copy, position=20))
