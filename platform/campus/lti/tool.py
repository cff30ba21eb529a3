"""What an LMS's administrator and the LMS itself read about this site as a tool."""

import json
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET
from jwt.algorithms import RSAAlgorithm

from campus.ui.context import SITE_NAME


@cache
def _public_jwk(pem: str) -> dict[str, Any]:
    key = load_pem_private_key(pem.encode(), password=None).public_key()
    if not isinstance(key, RSAPublicKey):
        raise TypeError("LTI_SIGNING_KEY is no RSA key")
    numbers = RSAAlgorithm.to_jwk(key, as_dict=True)
    needed = {name: numbers[name] for name in ("e", "kty", "n")}
    kid = sha256(json.dumps(needed, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:16]
    return {**needed, "kid": kid, "alg": "RS256", "use": "sig"}


@require_GET
def jwks(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django's
    """This site's own public key."""
    return JsonResponse({"keys": [_public_jwk(settings.LTI_SIGNING_KEY)]})


def address(name: str) -> str:
    return f"{settings.SITE_URL}{reverse(name)}"


@require_GET
def configuration(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - the same
    """The tool's configuration as JSON, in the form that Canvas imports and others show beside their fields."""
    launch = address("lti_launch")
    placement = {"placement": "link_selection", "message_type": "LtiResourceLinkRequest", "target_link_uri": launch}
    return JsonResponse(
        {
            "title": str(SITE_NAME),
            "description": "Case studies with data that learners solve together",
            "oidc_initiation_url": address("lti_login"),
            "target_link_uri": launch,
            "redirect_uris": [launch],
            "public_jwk_url": address("lti_jwks"),
            "public_jwk": _public_jwk(settings.LTI_SIGNING_KEY),
            "scopes": [],
            "claims": ["iss", "sub", "name", "email"],
            "custom_fields": {},
            "extensions": [
                {
                    "platform": "canvas.instructure.com",
                    "privacy_level": "public",
                    "settings": {"placements": [{**placement, "windowTarget": "_blank"}]},
                }
            ],
        }
    )
