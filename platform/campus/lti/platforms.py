"""The LMSs that the operator registered (LTI_PLATFORMS), and their public keys."""

from typing import Any

import jwt
import requests
from django.conf import settings
from django.core.cache import cache

from campus.environment import LtiPlatform

KEYS_FOR, ASK_AGAIN_AFTER, TIMEOUT = 3600, 60, 10


class KeysUnavailable(Exception):
    """The LMS's key set can't be read, or doesn't hold the key."""


def registered() -> list[LtiPlatform]:
    return list(settings.ENVIRONMENT.lti_platforms)


def platform_named(key: str) -> LtiPlatform | None:
    return next((one for one in registered() if one.key == key), None)


def platform_of(*, issuer: str, client_id: str) -> LtiPlatform | None:
    """The platform that a login names; without a client id only where the issuer has one registration."""
    fit = [one for one in registered() if one.issuer == issuer and client_id in {"", one.client_id}]
    return fit[0] if len(fit) == 1 else None


def key_of(platform: LtiPlatform, *, kid: str) -> Any:
    """The public key with this id. An unknown id has the set fetched anew, once a minute at most: keys rotate."""
    found = _find(cache.get(_name(platform)), kid)
    if found is None and cache.add(f"{_name(platform)}:asked", True, ASK_AGAIN_AFTER):
        keys = _fetch(platform)
        cache.set(_name(platform), keys, KEYS_FOR)
        found = _find(keys, kid)
    if found is None:
        raise KeysUnavailable
    return found


def _name(platform: LtiPlatform) -> str:
    return f"lti:keys:{platform.key}"


def _find(keys: Any, kid: str) -> Any:
    try:
        return jwt.PyJWKSet.from_dict(keys)[kid].key if keys else None
    except (KeyError, TypeError, AttributeError, jwt.PyJWTError):
        return None


def _fetch(platform: LtiPlatform) -> Any:
    try:
        answer = requests.get(platform.jwks_url, timeout=TIMEOUT, allow_redirects=False)
        answer.raise_for_status()
        return answer.json()
    except (requests.RequestException, ValueError) as error:
        raise KeysUnavailable from error
