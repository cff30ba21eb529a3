"""What an LMS says in its ID token, believed only after all that LTI 1.3 and OpenID Connect ask to be checked."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import jwt
from django.conf import settings

from campus.environment import LtiPlatform
from campus.lti.platforms import KeysUnavailable, key_of

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
LEEWAY, OLDEST = 60, 600  # seconds
LONGEST_SUBJECT = 255


class NotBelieved(Exception):
    """The token is refused; ``reason`` is a word for the log, never shown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Claims:
    """What is needed of a launch. role: learner, instructor or empty; place: cohort and step that the link names."""

    subject: str
    email: str
    name: str
    role: str
    place: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(**kept)


def read_token(raw: str, *, platform: LtiPlatform, nonce: str) -> Claims:
    """Check signature, issuer, audience, time, nonce, deployment and kind of the message; raise NotBelieved."""
    claims = _verified(raw, platform)
    _check(claims, platform=platform, nonce=nonce)
    custom, target = claims.get(f"{CLAIM}custom"), str(claims.get(f"{CLAIM}target_link_uri", ""))
    return Claims(
        subject=claims["sub"],
        email=_text(claims.get("email"), 254).lower(),
        name=_text(claims.get("name"), 100),
        role=role_of(claims.get(f"{CLAIM}roles")),
        place=place_of(custom if isinstance(custom, dict) else {}, target),
    )


def _verified(raw: str, platform: LtiPlatform) -> dict[str, Any]:
    try:
        kid = str(jwt.get_unverified_header(raw).get("kid", ""))
        claims: dict[str, Any] = jwt.decode(
            raw,
            key_of(platform, kid=kid),
            algorithms=["RS256"],
            audience=platform.client_id,
            issuer=platform.issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "nonce", "sub", "aud", "iss"]},
        )
    except KeysUnavailable as error:
        raise NotBelieved("no_key") from error
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise NotBelieved(type(error).__name__) from error
    return claims


def _check(claims: Mapping[str, Any], *, platform: LtiPlatform, nonce: str) -> None:
    audience, party, subject = claims["aud"], claims.get("azp"), claims["sub"]
    answers = {
        "nonce": claims["nonce"] == nonce,
        "party": party == platform.client_id if party or (isinstance(audience, list) and len(audience) > 1) else True,
        "lifetime": _is_fresh(claims),
        "subject": isinstance(subject, str) and 0 < len(subject) <= LONGEST_SUBJECT,
        "deployment": claims.get(f"{CLAIM}deployment_id") in platform.deployments,
        "version": claims.get(f"{CLAIM}version") == "1.3.0",
        "message": claims.get(f"{CLAIM}message_type") == "LtiResourceLinkRequest",
        "target": is_ours(str(claims.get(f"{CLAIM}target_link_uri", ""))),
    }
    for reason, is_right in answers.items():
        if not is_right:
            raise NotBelieved(reason)


def _is_fresh(claims: Mapping[str, Any]) -> bool:
    """Whether it was made just now, whatever it says of how long it is good."""
    try:
        return time.time() - float(claims["iat"]) <= OLDEST
    except (TypeError, ValueError):
        return False


def is_ours(address: str) -> bool:
    """Whether the address is one of this site."""
    return address == settings.SITE_URL or address.startswith(f"{settings.SITE_URL}/")


def role_of(said: object) -> str:
    """The role in the course; roles that somebody has in the institution or the system give nothing here."""
    names = {str(one).removeprefix(MEMBERSHIP) for one in said} if isinstance(said, list) else set()
    return "instructor" if "Instructor" in names else "learner" if "Learner" in names else ""


def place_of(custom: Mapping[str, Any], target: str) -> dict[str, str]:
    """Cohort, case and step by custom parameters, else by the query of the resource link's own address."""
    named = dict(parse_qsl(urlsplit(target).query)) | {key: str(value) for key, value in custom.items()}
    return {key: named[key][:50] for key in ("cohort", "case", "step") if named.get(key)}


def _text(said: object, limit: int) -> str:
    return said.strip()[:limit] if isinstance(said, str) else ""
