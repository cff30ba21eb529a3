"""What learners can be told apart by when classes are dealt: fields of the profile, and what other apps register."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from campus.cohorts.models import Enrolment
from campus.people.models import Profile
from campus.people.profile_fields import PROFILE_FIELDS

# Enrolment ids to each one's value in words; those without a value are left out.
Values = Callable[[Collection[int]], dict[int, str]]


@dataclass(frozen=True)
class Attribute:
    """Something that learners differ in."""

    key: str
    label: str | Promise
    values: Values


_attributes: dict[str, Attribute] = {}


def tells_apart(attribute: Attribute) -> None:
    """Register an attribute; call it in a module imported in ``AppConfig.ready``."""
    _attributes[attribute.key] = attribute


def attributes() -> list[Attribute]:
    return list(_attributes.values())


def values_of(keys: Collection[str], enrolments: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Each learner's values of these attributes in words, in the order of the keys; unknown ones say so."""
    known = [_attributes[key].values(enrolments) for key in keys]
    unknown = _("not given")
    return {pk: tuple(values.get(pk) or unknown for values in known) for pk in enrolments}


def _of_profile(key: str) -> Values:
    choices = dict(Profile._meta.get_field(key).flatchoices)  # type: ignore[union-attr]

    def values(enrolments: Collection[int]) -> dict[int, str]:
        rows = Enrolment.objects.filter(pk__in=enrolments).values_list("pk", f"person__profile__{key}")
        return {pk: str(choices.get(value, value)) for pk, value in rows if value}

    return values


for _key in ("industry", "occupation", "prefecture", "age_band"):
    tells_apart(Attribute(_key, PROFILE_FIELDS[_key].label, _of_profile(_key)))
