"""Who may see which personal data: every list, export and page asks here and decides nothing by itself.

`viewer_of` in cohorts/viewers.py says how near somebody stands; the table is `profile_fields.py`.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise

from campus.people.models import Person, Profile
from campus.people.names import as_katakana, is_japanese
from campus.people.profile_fields import PROFILE_FIELDS, ProfileField, Viewer
from campus.ui.lists import Column

# Fields in words by which somebody is looked for.
FOUND_BY = ("name", "name_kana", "name_roman", "alias", "email", "organisation")


def profile_of(person: Person) -> Profile:
    """The person's profile, an empty one (not saved) before anything was filled in. Read it with the person:
    ``select_related("profile")``."""
    return getattr(person, "profile", None) or Profile(person=person)


def farthest_viewer(field: ProfileField, person: Person) -> Viewer:
    """Who at most sees this field of this person."""
    return Viewer.FELLOW if field.may_widen and field.key in profile_of(person).shared else field.seen_by


def may_see(key: str, *, of: Person, viewer: Viewer) -> bool:
    """Whether somebody who stands as near as ``viewer`` sees the field of the person."""
    return viewer >= farthest_viewer(PROFILE_FIELDS[key], of)


def shown(key: str, *, of: Person, viewer: Viewer) -> str:
    """The field in words, empty where it is not for the viewer's eyes."""
    return _in_words(PROFILE_FIELDS[key], of) if may_see(key, of=of, viewer=viewer) else ""


def _in_words(field: ProfileField, person: Person) -> str:
    holder = profile_of(person) if field.on_profile else person
    in_words: Callable[[], str | Promise] | None = getattr(holder, f"get_{field.key}_display", None)
    return str(in_words() if in_words else getattr(holder, field.key))


def found_by(term: str, *, viewer: Viewer, keys: Iterable[str] = FOUND_BY, path: str = "person") -> Q:
    """Rows with the squeezed term (ui/folded.py) in a field that somebody who stands this near sees of the person.

    What fits in a field that the viewer must not see finds nobody: a list of who was found would give it away.
    """
    found = Q(pk__isnull=True)
    for field in (PROFILE_FIELDS[key] for key in keys):
        profile = f"{path}__profile"
        column = f"{profile if field.on_profile else path}__{field.key}__squeezed__contains"
        fits = Q(**{column: as_katakana(term) if field.key == "name_kana" else term})
        if viewer >= field.seen_by:
            found |= fits
        elif field.may_widen and viewer >= Viewer.FELLOW:
            found |= fits & Q(**{f"{profile}__shared__contains": [field.key]})
    return found


def profile_columns(
    viewer: Viewer, *, keys: Iterable[str] | None = None, path: str = "person", on_page: Iterable[str] = ("name",)
) -> list[Column]:
    """Columns of a list or file for a viewer who stands as near as this to everybody in it.

    Fields that the viewer sees of nobody have no column; where only those are seen who widened it, the others' cells
    are empty and the column can't be sorted by. ``path`` leads from a row to its person ("" where it is one);
    ``on_page`` names the columns of the page, all are in the file.
    """
    wanted = [PROFILE_FIELDS[key] for key in keys] if keys is not None else PROFILE_FIELDS.values()
    on_page = set(on_page)
    return [_column(field, viewer, path, field.key in on_page) for field in wanted if _ever_sees(viewer, field)]


def _ever_sees(viewer: Viewer, field: ProfileField) -> bool:
    return viewer >= (Viewer.FELLOW if field.may_widen else field.seen_by)


def _column(field: ProfileField, viewer: Viewer, path: str, on_page: bool) -> Column:
    def value(row: Any) -> str:
        return shown(field.key, of=_follow(row, path), viewer=viewer)

    steps = [*filter(None, path.split("__")), *(["profile"] if field.on_profile else []), field.key]
    sort = "__".join(steps) if viewer >= field.seen_by else ""
    return Column(field.key, field.label, value, sort=sort, on_page=on_page)


def _follow(row: Any, path: str) -> Person:
    for name in filter(None, path.split("__")):
        row = getattr(row, name)
    person: Person = row
    return person


def missing_fields(person: Person) -> list[str]:
    """Keys of what a learner still has to fill in before a cohort begins, in the order of the table."""
    return [field.key for field in PROFILE_FIELDS.values() if field.is_needed and _is_missing(field, person)]


def _is_missing(field: ProfileField, person: Person) -> bool:
    if field.key == "name_kana" and not is_japanese(person.name):
        return False  # A name in Latin letters has no reading to tell.
    return not getattr(profile_of(person) if field.on_profile else person, field.key)


def what_others_see(person: Person) -> dict[str, Any]:
    """The page “who sees what of me”: each field with its value, and for each kind of viewer whether they see it."""
    viewers = [Viewer.FELLOW, Viewer.STAFF, Viewer.ORGANISER]
    rows = [
        {
            "field": field,
            "value": shown(field.key, of=person, viewer=Viewer.SELF),
            "seen": [(viewer, may_see(field.key, of=person, viewer=viewer)) for viewer in viewers],
        }
        for field in PROFILE_FIELDS.values()
    ]
    return {"viewers": viewers, "rows": rows}
