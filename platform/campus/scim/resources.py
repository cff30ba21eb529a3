"""SCIM's JSON: what a User says, how a PATCH changes it, which filters are understood, what errors look like."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from campus.people.names import acceptable_name, is_japanese
from campus.scim.models import ScimUser

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
LONGEST_USER_NAME, LONGEST_EXTERNAL_ID = 254, 255

_FILTER = re.compile(
    r'\s*(?P<path>userName|externalId|id|emails(?:\[type eq "work"\])?\.value)\s+eq\s+(?P<value>"(?:[^"\\]|\\.)*")\s*',
    re.IGNORECASE,
)
_OURS = {"active": "active", "username": "userName", "externalid": "externalId", "displayname": "displayName"}
_NAMES = {"name.formatted": "formatted", "name.givenname": "givenName", "name.familyname": "familyName"}


class ScimError(Exception):
    """An answer of RFC 7644, 3.12; ``detail`` is for the institution's administrator, in English as the standard is."""

    def __init__(self, status: int, detail: str, kind: str = "") -> None:
        super().__init__(detail)
        self.status, self.detail, self.kind = status, detail, kind

    def to_json(self) -> dict[str, Any]:
        told = {"schemas": [ERROR], "status": str(self.status), "detail": self.detail}
        return told | ({"scimType": self.kind} if self.kind else {})


def bad(detail: str, kind: str = "invalidValue") -> ScimError:
    return ScimError(400, detail, kind)


@dataclass(frozen=True)
class Wish:
    """What a system wants an account to be; whatever else it says (roles, groups, passwords …) is not heard."""

    user_name: str
    external_id: str
    name: str
    active: bool

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Wish":
        """Read a User resource; raise ScimError."""
        user_name, external_id = body.get("userName"), body.get("externalId") or ""
        if not isinstance(user_name, str) or not 0 < len(user_name.strip()) <= LONGEST_USER_NAME:
            raise bad("userName is required.")
        if not isinstance(external_id, str) or len(external_id) > LONGEST_EXTERNAL_ID:
            raise bad("externalId has to be a short text.")
        return cls(user_name.strip().lower(), external_id, _name_in(body), _truth(body.get("active", True)))


def _name_in(body: Mapping[str, Any]) -> str:
    """The name as it is shown; put together from its parts where none is told, the family name first in Japanese."""
    parts = body.get("name") if isinstance(body.get("name"), dict) else {}
    family, given = (str(parts.get(key) or "") for key in ("familyName", "givenName"))  # type: ignore[union-attr]
    joined = f"{family} {given}" if is_japanese(family + given) else f"{given} {family}"
    told = body.get("displayName") or parts.get("formatted") or joined  # type: ignore[union-attr]
    return acceptable_name(" ".join(str(told).split()))


def _truth(value: object) -> bool:
    """Some systems send words."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    raise bad("active has to be true or false.")


def as_json(user: ScimUser, *, base: str) -> dict[str, Any]:
    """The User resource; ``base``: address of /Users/."""
    return {
        "schemas": [USER],
        "id": str(user.pk),
        **({"externalId": user.external_id} if user.external_id else {}),
        "userName": user.user_name,
        "displayName": user.person.name,
        "name": {"formatted": user.person.name},
        "emails": [{"value": user.user_name, "type": "work", "primary": True}],
        "active": user.person.is_active,
        "meta": {
            "resourceType": "User",
            "created": user.made_at.isoformat(),
            "lastModified": user.changed_at.isoformat(),
            "location": f"{base}{user.pk}",
        },
    }


def patched(body: Mapping[str, Any], operations: object) -> dict[str, Any]:
    """The resource after the operations of a PATCH; raise ScimError."""
    # The name was put together from parts that are not kept: what is told of it now counts, or nothing.
    result = {key: value for key, value in body.items() if key not in {"name", "displayName"}}
    if not isinstance(operations, list) or not operations:
        raise bad("Operations are required.", "invalidSyntax")
    for one in operations:
        if not isinstance(one, dict) or str(one.get("op", "")).lower() not in {"add", "replace", "remove"}:
            raise bad("op has to be add, replace or remove.", "invalidSyntax")
        _apply(result, op=one["op"].lower(), path=str(one.get("path") or ""), value=one.get("value"))
    if len(result.get("name", {}).keys() & {"givenName", "familyName"}) == 1:
        result["name"].pop("givenName", None)
        result["name"].pop("familyName", None)
    return result


def _apply(result: dict[str, Any], *, op: str, path: str, value: Any) -> None:
    if not path:
        if op == "remove" or not isinstance(value, dict):
            raise bad("Without a path, value has to hold the attributes.", "noTarget")
        for key, inner in value.items():
            _set(result, key, inner)
    elif op == "remove":
        _remove(result, path)
    else:
        _set(result, path, value)


def _set(result: dict[str, Any], path: str, value: Any) -> None:
    low = path.removeprefix(f"{USER}:").lower()
    if low in {"id", "meta", "schemas"}:
        raise bad(f"{path} can’t be changed.", "mutability")
    if low == "name" and isinstance(value, dict):
        result["name"] = {**result.get("name", {}), **value}
    elif low in _NAMES:
        result["name"] = {**result.get("name", {}), _NAMES[low]: value}
    elif low in _OURS:
        result[_OURS[low]] = value


def _remove(result: dict[str, Any], path: str) -> None:
    low = path.removeprefix(f"{USER}:").lower()
    if low in {"active", "username", "id"}:
        raise bad(f"{path} can’t be removed.", "mutability")
    if low == "externalid":
        result.pop("externalId", None)


def narrowed_by(text: str) -> Q:
    """The filter as a condition; raise ScimError for those that are not understood."""
    found = _FILTER.fullmatch(text)
    if found is None:
        raise bad('Only userName, externalId, id or emails.value eq "…" is understood.', "invalidFilter")
    path = found["path"].lower()
    try:
        value = json.loads(found["value"])
    except ValueError as error:
        raise bad("The filter’s text is damaged.", "invalidFilter") from error
    if "\0" in value:
        raise bad("The filter’s text is damaged.", "invalidFilter")
    if path == "externalid":
        return Q(external_id=value) if value else Q(pk__in=[])
    if path == "id":
        return Q(pk=value) if re.fullmatch(r"[0-9a-f-]{36}", value) else Q(pk__in=[])
    return Q(user_name__iexact=value)
