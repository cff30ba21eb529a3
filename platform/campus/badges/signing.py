"""From rows to what is signed or published: the one place where awards become facts of the package `credentials`."""

import json
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils import timezone

from campus.badges.credentials import ob2
from campus.badges.credentials.baking import OB2, OB3, bake_png, bake_svg
from campus.badges.credentials.build import credential_of
from campus.badges.credentials.did import did_document
from campus.badges.credentials.facts import (
    AchievementFacts,
    AlignmentFacts,
    AwardFacts,
    Hosting,
    IssuerFacts,
    RecipientFacts,
    RelatedFacts,
    Revocation,
    StatusPlace,
)
from campus.badges.credentials.fast import Signer
from campus.badges.credentials.jwt import sign_jwt
from campus.badges.credentials.keys import IssuerKeys
from campus.badges.credentials.proof import sign
from campus.badges.credentials.status import StatusList as Bits
from campus.badges.credentials.status import status_credential
from campus.badges.credentials.text import identity_hash
from campus.badges.keys import issuer_of_site, public_keys, signing_keys
from campus.badges.models import AchievementVersion, Award, Credential, Issuer, StatusList
from campus.badges.pictures import Design, around, vector
from campus.badges.places import revoked_in
from campus.people.visibility import profile_of

LANGUAGES = ("ja", "en")
# A status list is signed anew when something was revoked, and at the latest after half of this time.
STATUS_LASTS = timedelta(days=30)
Document = dict[str, Any]


def sign_all(awards: list[Award], *, at: datetime) -> list[Credential]:
    """Fill in the facts of the awards as of now, and sign them; saves nothing. Raises KeysLocked.

    Awards: read with their version, achievement, person, profile and status list.
    """
    issuer = issuer_of_site()
    row, keys = signing_keys(issuer)
    signer, facts = _signer(keys), Facts(issuer)
    credentials = []
    for award in awards:
        _fill_in(award, at)
        unsigned = credential_of(facts.of(award))
        signed = json.dumps(signer.sign(unsigned, created=at), ensure_ascii=False)
        credentials.append(Credential(award=award, key=row, document=signed, jwt=sign_jwt(unsigned, keys)))
    return credentials


def _fill_in(award: Award, at: datetime) -> None:
    person = award.person
    award.name, award.name_roman = person.name, profile_of(person).name_roman
    award.identity = identity_hash(person.email, award.salt)
    award.language = person.language if person.language in LANGUAGES else LANGUAGES[0]
    # A credential knows whole seconds.
    award.valid_from = at.replace(microsecond=0)
    if award.issued_at is None:
        award.issued_at = award.valid_from
        award.expires_at = award.expiry(award.valid_from)


@lru_cache(maxsize=4)
def _signer(keys: IssuerKeys) -> Signer:
    """Kept by each process: the first badge of a shape costs as much as hundreds of others."""
    return Signer(keys)


class Facts:
    """Turns awards into facts; what many of them share is made once."""

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer
        self._issuers = {language: issuer_facts(issuer, language) for language in LANGUAGES}
        self._achievements: dict[tuple[int, str], AchievementFacts] = {}

    def of(self, award: Award) -> AwardFacts:
        """Of an award that was signed, or is about to be."""
        if award.issued_at is None or award.valid_from is None:
            raise ValueError(f"{award} has not been issued")
        base_url, name = self._issuer.base_url, award.name_roman if award.language == "en" else ""
        return AwardFacts(
            id=base_url + award.path,
            issuer=self._issuers[award.language],
            achievement=self._achievement(award),
            recipient=RecipientFacts(award.subject.urn, award.person.email, award.salt, name or award.name),
            awarded_on=award.issued_at,
            valid_from=award.valid_from,
            valid_until=award.expires_at,
            status=StatusPlace(base_url + award.status_list.path, award.status_index),
        )

    def _achievement(self, award: Award) -> AchievementFacts:
        key = award.version_id, award.language
        if key not in self._achievements:
            self._achievements[key] = _achievement(award.version, self._issuer, award.language)
        return self._achievements[key]


def issuer_facts(issuer: Issuer, language: str) -> IssuerFacts:
    """Who issues, named in one language."""
    name = issuer.name_en if language == "en" else issuer.name_ja
    return IssuerFacts(did=issuer.did, name=name, url=issuer.url, email=issuer.email)


def _achievement(version: AchievementVersion, issuer: Issuer, language: str) -> AchievementFacts:
    other = next(one for one in LANGUAGES if one != language)
    address = issuer.base_url + version.path(language)
    return AchievementFacts(
        id=address,
        name=version.text("name", language),
        description=version.text("description", language),
        criteria=version.text("criteria", language),
        criteria_url=address,
        image_url=issuer.base_url + version.picture_path,
        image_caption=version.text("name", language),
        kind="CertificateOfCompletion" if version.achievement.is_by_completion else "Badge",
        language=language,
        version=str(version.number),
        alignments=[_alignment(one, language) for one in version.alignments],
        related=[RelatedFacts(issuer.base_url + version.path(other), other, str(version.number))],
    )


def _alignment(kept: dict[str, str], language: str) -> AlignmentFacts:
    framework = kept.get(f"framework_name_{language}", kept["framework_name"])
    return AlignmentFacts(
        name=kept[f"name_{language}"],
        url=kept["url"],
        framework=f"{framework} {kept['version']}",
        code=kept["code"],
    )


def _hosting(issuer: Issuer, version: AchievementVersion, language: str, award: Award | None = None) -> Hosting:
    base, uid = issuer.base_url, version.achievement.uid
    return Hosting(
        assertion_url=base + reverse("badges:assertion", args=[award.uid]) if award else "",
        badge_class_url=base + reverse("badges:class", args=[uid, version.number, language]),
        issuer_url=base + reverse("badges:issuer"),
        revocations_url=base + reverse("badges:revoked"),
        image_url=base + version.picture_path,
    )


def assertion_of(award: Award) -> Document:
    """The hosted assertion of Open Badges 2.0; of a revoked badge, that it is revoked."""
    issuer = issuer_of_site()
    hosting = _hosting(issuer, award.version, award.language, award)
    if award.is_revoked:
        return ob2.revoked_assertion(hosting.assertion_url)
    document = ob2.assertion(Facts(issuer).of(award), hosting)
    # The address that it was issued to: the holder may have another one by now.
    document["recipient"]["identity"] = award.identity
    return document


def class_of(version: AchievementVersion, language: str) -> Document:
    """The badge class of Open Badges 2.0."""
    issuer = issuer_of_site()
    return ob2.badge_class(_achievement(version, issuer, language), _hosting(issuer, version, language))


def _hosting_of_issuer(issuer: Issuer) -> Hosting:
    base = issuer.base_url
    return Hosting("", "", base + reverse("badges:issuer"), base + reverse("badges:revoked"), "")


def issuer_profile(issuer: Issuer) -> Document:
    """The issuer of Open Badges 2.0."""
    return ob2.issuer_profile(issuer_facts(issuer, "ja"), _hosting_of_issuer(issuer))


def revocation_list(issuer: Issuer) -> Document:
    """The revoked assertions of Open Badges 2.0, without reasons: those may be about a person."""
    uids = Award.objects.filter(revoked_at__isnull=False, erased_at=None).order_by("revoked_at", "pk")
    addresses = [
        issuer.base_url + reverse("badges:assertion", args=[uid]) for uid in uids.values_list("uid", flat=True)
    ]
    return ob2.revocation_list([Revocation(one) for one in addresses], _hosting_of_issuer(issuer))


def did_document_of(issuer: Issuer) -> Document:
    """The issuer's keys."""
    return did_document(issuer.did, public_keys(issuer))


def sign_status(status_list: StatusList) -> str:
    """The list of revoked badges as it is now, signed."""
    issuer = issuer_of_site()
    _row, keys = signing_keys(issuer)
    now = timezone.now()
    document = status_credential(
        list_url=issuer.base_url + status_list.path,
        issuer=issuer_facts(issuer, "ja"),
        statuses=Bits.with_revoked(revoked_in(status_list)),
        valid_from=now,
        valid_until=now + STATUS_LASTS,
    )
    return json.dumps(sign(document, keys, created=now), ensure_ascii=False)


def status_document(status_list: StatusList) -> str:
    """The list as it was signed last; signed now where it never was, or will end soon."""
    old = timezone.now() - STATUS_LASTS / 2
    if not status_list.document or status_list.signed_at is None or status_list.signed_at < old:
        from campus.badges.actions import publish_status

        return publish_status(status_list)
    return status_list.document


def picture_of(version: AchievementVersion) -> bytes:
    with version.picture.open("rb") as file:
        return bytes(file.read())


def vector_of(version: AchievementVersion) -> bytes:
    """The picture as SVG."""
    return vector(Design.read(version.design)) if version.design else around(picture_of(version))


def baked_of(award: Award, *, as_svg: bool = False) -> bytes:
    """The picture with the signed badge of Open Badges 3.0 inside."""
    return _baked(award.version, award.credential.document, OB3, as_svg=as_svg)


def baked_2_of(award: Award, *, as_svg: bool = False) -> bytes:
    """The picture with the hosted assertion of Open Badges 2.0 inside."""
    return _baked(award.version, json.dumps(assertion_of(award), ensure_ascii=False), OB2, as_svg=as_svg)


def _baked(version: AchievementVersion, text: str, keyword: str, *, as_svg: bool) -> bytes:
    if as_svg:
        return bake_svg(vector_of(version), text, keyword)
    return bake_png(picture_of(version), text, keyword)
