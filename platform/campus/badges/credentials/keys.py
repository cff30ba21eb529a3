"""The issuer's keys: made, shown to verifiers, sealed with a passphrase and opened again.

Each generation has two private keys, because the two kinds of proof want different ones: Ed25519 for Data Integrity,
P-256 (ES256) for JWT. Its name, such as "2026-11", makes the ids of both in the DID document.
"""

import json
import os
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from campus.badges.credentials.facts import Document
from campus.badges.credentials.text import canonical_json, from_base64url, to_base58, to_base64url

_FORMAT = "manabiai-issuer-keys-1"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ED25519_PREFIX = b"\xed\x01"  # multicodec ed25519-pub
_COST = 2**15  # of scrypt: 32 MiB and about 0.1 s for each try of a passphrase
_HIGHEST_COST = 2**18  # of an export made elsewhere or later, or it could fill the memory


class WrongPassphrase(Exception):
    """The passphrase does not open the keys, or the sealed text was changed."""


class NotKeys(Exception):
    """The text is no export of issuer keys."""


@dataclass(frozen=True)
class PublicKeys:
    """What anybody may know of one generation; plain texts, so that it can be kept as JSON (``dataclasses.asdict``).

    ``revoked`` is set only where the private keys fell into wrong hands: all badges of this generation then fail.
    A generation that was merely replaced stays in the DID document as it is.
    """

    did: str
    name: str
    multikey: str
    jwk: Document
    revoked: datetime | None = None

    @property
    def proof_key_id(self) -> str:
        """Id of the Ed25519 key in the DID document."""
        return f"{self.did}#{self.name}"

    @property
    def jwt_key_id(self) -> str:
        """Id of the P-256 key in the DID document."""
        return f"{self.did}#{self.name}-jwt"


@dataclass(frozen=True)
class IssuerKeys:
    """One generation of private keys. Never printed, never stored but sealed."""

    did: str
    name: str
    ed25519: ed25519.Ed25519PrivateKey
    p256: ec.EllipticCurvePrivateKey

    def __post_init__(self) -> None:
        if not self.did.startswith("did:web:") or not _NAME.fullmatch(self.name):
            raise ValueError("keys need a did:web and a name of letters, digits, dots and hyphens")

    def __repr__(self) -> str:
        return f"IssuerKeys({self.did}#{self.name})"

    @cached_property
    def public(self) -> PublicKeys:
        """What verifiers need."""
        raw = self.ed25519.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        numbers = self.p256.public_key().public_numbers()
        jwk = {"kty": "EC", "crv": "P-256", "x": _coordinate(numbers.x), "y": _coordinate(numbers.y)}
        return PublicKeys(self.did, self.name, "z" + to_base58(_ED25519_PREFIX + raw), jwk)


def _coordinate(number: int) -> str:
    return to_base64url(number.to_bytes(32))


def generate_keys(*, did: str, name: str) -> IssuerKeys:
    """A new generation for the issuer."""
    return IssuerKeys(did, name, ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1()))


def export_keys(keys: IssuerKeys, passphrase: str) -> bytes:
    """The generation sealed with the passphrase (scrypt, AES-256-GCM), as JSON for a backup or a database row.

    DID, name and public keys stand in it readable, and can't be changed without the passphrase.
    """
    salt, nonce = os.urandom(16), os.urandom(12)
    head = {
        "format": _FORMAT,
        "did": keys.did,
        "name": keys.name,
        "multikey": keys.public.multikey,
        "jwk": keys.public.jwk,
        "scrypt": {"n": _COST, "r": 8, "p": 1, "salt": to_base64url(salt)},
        "nonce": to_base64url(nonce),
    }
    secret = canonical_json({"ed25519": _as_pem(keys.ed25519), "p256": _as_pem(keys.p256)})
    sealed = AESGCM(_derived(passphrase, salt, _COST)).encrypt(nonce, secret, canonical_json(head))
    return json.dumps(head | {"sealed": to_base64url(sealed)}, indent=1).encode()


def import_keys(exported: bytes | str, passphrase: str) -> IssuerKeys:
    """The keys of an export; ``WrongPassphrase`` or ``NotKeys`` where that can't be."""
    try:
        head = json.loads(exported)
        scrypt = head["scrypt"]
        if head["format"] != _FORMAT or not 2 <= scrypt["n"] <= _HIGHEST_COST or (scrypt["r"], scrypt["p"]) != (8, 1):
            raise NotKeys
        sealed = from_base64url(head.pop("sealed"))
        key = _derived(passphrase, from_base64url(scrypt["salt"]), scrypt["n"])
        secret = json.loads(AESGCM(key).decrypt(from_base64url(head["nonce"]), sealed, canonical_json(head)))
        return IssuerKeys(head["did"], head["name"], _ed25519(secret["ed25519"]), _p256(secret["p256"]))
    except InvalidTag:
        raise WrongPassphrase from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotKeys from None


def _derived(passphrase: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(passphrase.encode())


def _as_pem(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def _ed25519(pem: str) -> ed25519.Ed25519PrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise NotKeys
    return key


def _p256(pem: str) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise NotKeys
    return key
