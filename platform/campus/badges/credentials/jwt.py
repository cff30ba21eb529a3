"""The second form of a badge: a JWT (ES256) whose payload is the credential itself."""

from collections.abc import Callable
from typing import Any

import jwt

from campus.badges.credentials.did import PublicKey
from campus.badges.credentials.facts import Document
from campus.badges.credentials.keys import IssuerKeys
from campus.badges.credentials.text import moment_of

# EdDSA is not among them: the validator of 1EdTech refuses it.
ALGORITHMS = {"ES256": "EllipticCurve", "RS256": "RSA"}
CLAIMS = {"iss", "jti", "sub", "nbf", "exp", "iat"}


class NotGenuine(Exception):
    """The token does not hold; ``args[0]`` is a code of ``messages``."""


def sign_jwt(credential: Document, keys: IssuerKeys) -> str:
    """The credential, without a proof, as a signed token."""
    return jwt.encode(
        credential | claims_of(credential),
        keys.p256,
        algorithm="ES256",
        headers={"kid": keys.public.jwt_key_id, "typ": "JWT"},
    )


def claims_of(credential: Document) -> Document:
    """What the credential says, in the words of JWT."""
    claims: Document = {
        "iss": _id(credential.get("issuer")),
        "jti": credential.get("id"),
        "sub": _id(credential.get("credentialSubject")),
        "nbf": _seconds(credential.get("validFrom")),
    }
    return claims | ({"exp": _seconds(credential["validUntil"])} if "validUntil" in credential else {})


def _id(value: Any) -> Any:
    return value.get("id") if isinstance(value, dict) else value


def _seconds(value: Any) -> int | None:
    moment = moment_of(value)
    return int(moment.timestamp()) if moment else None


def header_of(token: str) -> Document:
    """The header of a token that may be anybody's; ``NotGenuine`` where it is none that we accept."""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        raise NotGenuine("jwt.unreadable") from None
    # A key that comes with the token proves nothing: it has to stand in the issuer's DID document.
    is_plain = header.keys() <= {"alg", "kid", "typ"} and all(isinstance(value, str) for value in header.values())
    if not is_plain or "kid" not in header or header.get("alg") not in ALGORITHMS:
        raise NotGenuine("jwt.header")
    return header


def payload_of(token: str) -> Document:
    """What the token says, unchecked."""
    try:
        return dict(jwt.decode(token, options={"verify_signature": False}))
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        raise NotGenuine("jwt.unreadable") from None


def verify_jwt(token: str, key_of: Callable[[str], PublicKey]) -> Document:
    """The credential in the token, if the key named in its header signed it and the claims say the same."""
    header = header_of(token)
    options = {f"verify_{name}": False for name in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}
    try:
        payload = jwt.decode(token, key_of(header["kid"]), algorithms=[header["alg"]], options=options)  # type: ignore[arg-type]
    except (jwt.InvalidTokenError, jwt.InvalidKeyError, TypeError, ValueError):
        raise NotGenuine("proof.wrong") from None
    credential = credential_in(payload)
    expected = claims_of(credential)
    if any(payload[name] != expected.get(name) for name in payload.keys() & CLAIMS - {"iat"}):
        raise NotGenuine("jwt.claims")
    return credential


def credential_in(payload: Document) -> Document:
    """The payload without what JWT adds."""
    return {name: value for name, value in payload.items() if name not in CLAIMS}


def is_token(text: str) -> bool:
    """Whether the text looks like a JWT."""
    return text.count(".") == 2 and not text.lstrip().startswith(("{", "<")) and len(text.split()) == 1
