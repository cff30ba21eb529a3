"""did:web: the issuer's name, the document that proves its keys, and the keys found in such a document."""

from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from campus.badges.credentials.facts import Document
from campus.badges.credentials.keys import PublicKeys
from campus.badges.credentials.text import from_base58, from_base64url, moment_of, stamp

CONTEXT = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/jwk/v1",
]
PublicKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey


def did_web(url: str) -> str:
    """The DID whose document is served below this address: https://a.example:81/x -> did:web:a.example%3A81:x"""
    parts = urlsplit(url)
    host = parts.netloc.replace(":", "%3A")
    return ":".join(["did:web", host, *filter(None, parts.path.split("/"))])


def did_url(did: str) -> str:
    """Where the document of a did:web is served; ValueError for other DIDs."""
    host, *path = did.removeprefix("did:web:").split(":")
    if not did.startswith("did:web:") or not host:
        raise ValueError(f"{did} is no did:web")
    return "https://" + "/".join([unquote(host), *(path or [".well-known"]), "did.json"])


def did_document(did: str, generations: Sequence[PublicKeys]) -> Document:
    """The issuer's document. All generations stay in it, or the badges that they signed could not be verified."""
    methods = [method for keys in generations for method in _methods(did, keys)]
    return {
        "@context": CONTEXT,
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def _methods(did: str, keys: PublicKeys) -> list[Document]:
    ended = {"revoked": stamp(keys.revoked)} if keys.revoked else {}
    common = {"controller": did, **ended}
    jwk = {**keys.jwk, "kid": keys.jwt_key_id, "alg": "ES256", "use": "sig"}
    return [
        {"id": keys.proof_key_id, "type": "Multikey", **common, "publicKeyMultibase": keys.multikey},
        {"id": keys.jwt_key_id, "type": "JsonWebKey", **common, "publicKeyJwk": jwk},
    ]


def method_of(document: Document, method_id: str) -> Document | None:
    """The verification method if the document allows it for assertions; None otherwise."""
    if not isinstance(document.get("id"), str) or not method_id.startswith(document["id"] + "#"):
        return None
    allowed = _items(document.get("assertionMethod"))
    methods = [item for item in allowed if _id(item)]
    methods += [item for item in _items(document.get("verificationMethod")) if _id(item) in allowed]
    found = [item for item in methods if isinstance(item, dict) and item.get("id") == method_id]
    return next((item for item in found if item.get("controller") == document["id"]), None)


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _id(item: object) -> object:
    return item.get("id") if isinstance(item, dict) else None


def is_ended(method: Document, now_stamp: str) -> bool:
    """Whether the key was revoked or has expired by then."""
    now = moment_of(now_stamp)
    ends = [moment_of(method[name]) for name in ("revoked", "expires") if name in method]
    return any(end is None or now is None or end <= now for end in ends)


def public_key_of(method: Document) -> PublicKey:
    """The key of a Multikey (Ed25519) or a JsonWebKey (P-256, RSA); ValueError for anything else."""
    if isinstance(method.get("publicKeyMultibase"), str):
        return _from_multikey(method["publicKeyMultibase"])
    jwk = method.get("publicKeyJwk")
    if isinstance(jwk, dict) and jwk.get("kty") == "EC" and jwk.get("crv") == "P-256":
        return ec.EllipticCurvePublicNumbers(_number(jwk["x"]), _number(jwk["y"]), ec.SECP256R1()).public_key()
    if isinstance(jwk, dict) and jwk.get("kty") == "RSA":
        return rsa.RSAPublicNumbers(_number(jwk["e"]), _number(jwk["n"])).public_key()
    raise ValueError("this kind of key is not supported")


def _from_multikey(text: str) -> ed25519.Ed25519PublicKey:
    raw = from_base58(text.removeprefix("z"))
    if not text.startswith("z") or raw[:2] != b"\xed\x01" or len(raw) != 34:
        raise ValueError("not an Ed25519 key")
    return ed25519.Ed25519PublicKey.from_public_bytes(raw[2:])


def _number(text: str) -> int:
    return int.from_bytes(from_base64url(text))
