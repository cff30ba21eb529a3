"""The issuer of this installation and its signing keys, encrypted where they lie.

What encrypts them is a secret of its own (BADGE_KEY_SECRET), no derivative of Django's: whoever reads the database, or
learns the key of sessions, can sign nothing.
"""

from dataclasses import asdict
from email.utils import parseaddr
from functools import lru_cache

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from campus.badges.credentials.did import did_web
from campus.badges.credentials.keys import (
    IssuerKeys,
    NotKeys,
    PublicKeys,
    WrongPassphrase,
    export_keys,
    generate_keys,
    import_keys,
)
from campus.badges.models import Issuer, IssuerKey
from campus.cohorts.actions import record_audit
from campus.people.models import Person
from campus.ui.context import SITE_NAME


class KeysLocked(Exception):
    """The stored keys can't be opened with this installation's BADGE_KEY_SECRET."""


class NotThisIssuer(Exception):
    """A backup is of another issuer, or is none that these words can be said of."""


def issuer_of_site() -> Issuer:
    """The one issuer, made with the site's present address on first use. Its DID never changes after that."""
    found = Issuer.objects.first()
    if found is not None:
        return found
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    made, _ = Issuer.objects.get_or_create(
        is_only=True,
        defaults={
            "name_ja": SITE_NAME,
            "name_en": SITE_NAME,
            "url": settings.SITE_URL,
            "email": address,
            "base_url": settings.SITE_URL,
            "did": did_web(settings.SITE_URL),
        },
    )
    return made


def signing_keys(issuer: Issuer) -> tuple[IssuerKey, IssuerKeys]:
    """The generation that signs now, opened; the first one is made on first use. Raises KeysLocked."""
    row = issuer.keys.filter(retired_at=None).first() or _make_generation(issuer)
    return row, opened(row)


def opened(row: IssuerKey) -> IssuerKeys:
    """The private keys of a generation. Raises KeysLocked."""
    try:
        return _open(row.sealed, settings.BADGE_KEY_SECRET)
    except (WrongPassphrase, NotKeys) as error:
        raise KeysLocked(f"{row} can't be opened with BADGE_KEY_SECRET") from error


@lru_cache(maxsize=8)
def _open(sealed: str, secret: str) -> IssuerKeys:
    """Kept by each process: opening costs a tenth of a second on purpose."""
    return import_keys(sealed, secret)


def _make_generation(issuer: Issuer) -> IssuerKey:
    number = issuer.keys.count() + 1
    keys = generate_keys(did=issuer.did, name=f"key-{number}")
    try:
        with transaction.atomic():
            return _store(issuer, number, keys)
    except IntegrityError:  # Another process was faster; its keys count.
        return issuer.keys.get(retired_at=None)


def _store(issuer: Issuer, number: int, keys: IssuerKeys, **fields: object) -> IssuerKey:
    public = asdict(keys.public)
    del public["revoked"]
    sealed = export_keys(keys, settings.BADGE_KEY_SECRET).decode()
    return IssuerKey.objects.create(issuer=issuer, number=number, sealed=sealed, public=public, **fields)


@transaction.atomic
def rotate(issuer: Issuer, *, actor: Person | None, is_compromised: bool = False) -> IssuerKey:
    """Sign with new keys from now on. What the old ones signed stays genuine, unless they fell into wrong hands."""
    Issuer.objects.select_for_update().get(pk=issuer.pk)
    now = timezone.now()
    retired = {"retired_at": now} | ({"compromised_at": now} if is_compromised else {})
    issuer.keys.filter(retired_at=None).update(**retired)
    made = _make_generation(issuer)
    _audit("issuer.keys_rotated", issuer, actor, number=made.number, is_compromised=is_compromised)
    return made


@transaction.atomic
def describe(issuer: Issuer, *, actor: Person | None, **said: str) -> list[str]:
    """Change name, page or address of the issuer; returns what changed. Badges keep the words of their time."""
    changed = [name for name, value in said.items() if getattr(issuer, name) != value]
    for name in changed:
        setattr(issuer, name, said[name])
    if changed:
        issuer.save(update_fields=changed)
        _audit("issuer.changed", issuer, actor, fields=", ".join(changed))
    return changed


def _audit(action: str, issuer: Issuer, actor: Person | None, **details: object) -> None:
    record_audit(action=action, subject=f"issuer:{issuer.pk}", actor=actor, cohort=None, **details)


def public_keys(issuer: Issuer) -> list[PublicKeys]:
    """All generations, for the DID document."""
    return [PublicKeys(**row.public, revoked=row.compromised_at) for row in issuer.keys.all()]


@transaction.atomic
def backup(issuer: Issuer, passphrase: str, *, actor: Person | None) -> list[dict[str, object]]:
    """Every generation, encrypted with the passphrase instead of this installation's secret. Raises KeysLocked."""
    kept: list[dict[str, object]] = [
        {
            "number": row.number,
            "keys": export_keys(opened(row), passphrase).decode(),
            "made_at": row.made_at.isoformat(),
            "retired_at": row.retired_at.isoformat() if row.retired_at else None,
            "compromised_at": row.compromised_at.isoformat() if row.compromised_at else None,
        }
        for row in issuer.keys.all()
    ]
    _audit("issuer.keys_exported", issuer, actor, count=len(kept))
    return kept


@transaction.atomic
def restore(issuer: Issuer, kept: list[dict[str, str | None]], passphrase: str, *, actor: Person | None) -> int:
    """Bring the generations of a backup back, those that are lost or can't be opened here; returns how many.

    Raises NotThisIssuer, and WrongPassphrase for a passphrase that doesn't fit.
    """
    count = 0
    for one in kept:
        keys = import_keys(str(one["keys"]), passphrase)
        if keys.did != issuer.did:
            raise NotThisIssuer(f"the backup is of {keys.did}, this site is {issuer.did}")
        count += _restore_one(issuer, keys, one)
    if count:
        _audit("issuer.keys_restored", issuer, actor, count=count)
    return count


def _restore_one(issuer: Issuer, keys: IssuerKeys, kept: dict[str, str | None]) -> bool:
    row = issuer.keys.filter(number=int(str(kept["number"]))).first()
    if row is None:
        moments = {name: kept[name] for name in ("made_at", "retired_at", "compromised_at")}
        if not kept["retired_at"]:
            # What was made here meanwhile signs no more: one generation signs at a time.
            issuer.keys.filter(retired_at=None).update(retired_at=timezone.now())
        _store(issuer, int(str(kept["number"])), keys, **moments)
        return True
    if row.public["multikey"] != keys.public.multikey:
        raise NotThisIssuer(f"{row.name} of the backup is not the {row.name} of this site")
    try:
        opened(row)
    except KeysLocked:
        row.sealed = export_keys(keys, settings.BADGE_KEY_SECRET).decode()
        row.save(update_fields=["sealed"])
        return True
    return False
