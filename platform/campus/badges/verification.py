"""Checks badges of this site for whoever asks, in plain words.

Nothing is ever fetched from an address that somebody sent: what a check needs is read from our own database, by name.
Of another issuer's badge, who asks brings that issuer's published files along.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campus.badges import signing
from campus.badges.credentials.did import did_url
from campus.badges.credentials.messages import title_of, words_of
from campus.badges.credentials.reading import Unreadable, read
from campus.badges.credentials.text import moment_of
from campus.badges.credentials.verify import Check, verify
from campus.badges.credentials.verify import Verdict as Checked
from campus.badges.keys import issuer_of_site
from campus.badges.models import AchievementVersion, Award, Issuer, StatusList

_UID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class NotOurs(Exception):
    """``str()`` says why this can't be checked here, and what to do."""


@dataclass(frozen=True)
class Line:
    """One question with its answer; ``ok`` is None where it was not asked."""

    ok: bool | None
    title: str
    words: str

    @property
    def sign(self) -> str:
        return {True: "✓", False: "✕", None: "–"}[self.ok]

    @property
    def answer(self) -> str:
        """The sign in words."""
        yes, no = pgettext("badge check", "Yes"), pgettext("badge check", "No")
        return {True: yes, False: no, None: pgettext("badge check", "Not checked")}[self.ok]


@dataclass(frozen=True)
class Verdict:
    """What was found of a badge. ``award`` is its row; what the copy itself says is in ``name`` and ``holder``."""

    is_genuine: bool
    headline: str
    lines: list[Line]
    award: Award | None = None
    name: str = ""
    holder: str = ""
    note: str = ""
    badges: list["Verdict"] = field(default_factory=list)  # those in a learner record
    elsewhere: str = ""  # its issuer, where that is another site

    @property
    def kind(self) -> str:
        """Of its banner. Of another issuer's badge no more is known than the files say that somebody brought."""
        return "error" if not self.is_genuine else "warning" if self.elsewhere else "success"


def check_award(award: Award, *, email: str = "") -> Verdict:
    """The badge as it was signed last; with ``email`` also whether it is of whoever has this address."""
    return _verdict(_checked(award.credential.document, email), award)


def check_data(
    data: bytes, *, email: str = "", brought: Mapping[str, dict[str, Any]] = MappingProxyType({})
) -> Verdict:
    """A file or text that somebody holds. Raises NotOurs for what another site issued.

    ``brought`` is what that site publishes, by its ids: with its keys among them, its badge is checked too.
    """
    text = data.strip()
    if text.startswith((b"http://", b"https://")) and len(text.split()) == 1:
        return check_link(text.decode(errors="replace"), email=email)
    checked = _checked(data, email, brought)
    elsewhere = _issuer_elsewhere(data, checked, issuer_of_site())
    if not elsewhere:
        return _verdict(checked, _award_in(checked.document))
    if elsewhere not in brought or checked.form == "ob2":
        raise NotOurs(_where_to_check(elsewhere))
    return _verdict_on_others(checked, elsewhere)


def check_link(link: str, *, email: str = "") -> Verdict:
    """A link to a badge of this site. Raises NotOurs."""
    issuer = issuer_of_site()
    uid = _UID.search(urlsplit(link).path) if _is_ours(link, issuer) else None
    if uid is None:
        raise NotOurs(
            _("This isn’t a link to a badge issued here. Links to our badges begin with %(address)s.")
            % {"address": f"{issuer.base_url}/badges/"}
        )
    award = Award.objects.issued().with_badge().filter(uid=UUID(uid[0])).first()
    if award is None:
        raise NotOurs(_("There is no badge at this address. Please copy the whole link."))
    if award.erased_at is not None:
        raise NotOurs(
            _("The holder of this badge has left and had the page deleted. The badge file can still be checked.")
        )
    if not award.is_public:
        raise NotOurs(_("The holder isn’t showing this badge to anyone at the moment. Ask for the badge file."))
    return check_award(award, email=email)


def _is_ours(link: str, issuer: Issuer) -> bool:
    try:
        ours, theirs = urlsplit(issuer.base_url), urlsplit(link)
    except ValueError:  # such as "https://["
        return False
    return (ours.scheme, ours.netloc) == (theirs.scheme, theirs.netloc) and theirs.path.startswith("/badges/")


def _issuer_elsewhere(data: bytes, checked: Checked, issuer: Issuer) -> str:
    """Who issued it, where that is another site; of 2.0 its address, which nobody can bring along."""
    named = checked.document.get("issuer")
    did = named.get("id") if isinstance(named, dict) else named
    address = str(checked.document.get("id") or _address_in(data))
    if checked.form == "ob2":
        return "" if _is_ours(address, issuer) else str(did or address)
    return str(did) if checked.form and did and did != issuer.did else ""


def _where_to_check(issuer: str) -> str:
    """Say so, instead of calling it false."""
    named = _("This badge names another issuer: %(issuer)s.") % {"issuer": issuer[:200]}
    try:
        address = did_url(issuer)
    except ValueError:
        return named + " " + _("It can only be checked on the issuer’s own site.")
    how = _(
        "Open the issuer’s keys at %(address)s, save them, and add the file below, under “A badge from another site”."
    )
    return named + " " + how % {"address": address[:200]}


def _verdict_on_others(checked: Checked, issuer: str) -> Verdict:
    """What the files that were brought prove: no more than that they fit together."""
    said = checked.document if checked.was_genuine else {}
    subject = said.get("credentialSubject") or {}
    return Verdict(
        is_genuine=checked.is_genuine,
        headline=_headline_on_others(checked),
        lines=_lines(checked),
        name=str(said.get("name") or (subject.get("achievement") or {}).get("name") or ""),
        holder=_holder_in(subject),
        badges=[_verdict_on_others(badge, issuer) for badge in checked.badges],
        elsewhere=issuer,
    )


def _headline_on_others(checked: Checked) -> str:
    failed = {check.code for check in checked.checks if check.ok is False}
    if checked.is_genuine:
        return _("The signature matches the keys you added. Make sure you got them from the issuer’s own site.")
    if checked.was_genuine and failed == {"status.unresolved"}:
        return _("The signature matches the keys you added. To check whether it was revoked, add the list as well.")
    if checked.was_genuine and failed <= _NOT_IN_FORCE:
        return _("The signature matches the keys you added, but the badge is not in force.")
    if checked.was_genuine and failed == {"recipient.other"}:
        return str(_SPECIAL["recipient.other"]())
    return _("This badge can’t be trusted.")


_NOT_IN_FORCE = {"status.revoked", "status.suspended", "time.expired", "time.not_yet", "contents.over"}


def _address_in(data: bytes) -> str:
    try:
        return read(data).address
    except Unreadable:
        return ""


def _checked(data: bytes | str, email: str, brought: Mapping[str, dict[str, Any]] = MappingProxyType({})) -> Checked:
    def resolver(name: str) -> dict[str, Any] | None:
        """What is ours comes from ourselves alone, whatever somebody brought in our name."""
        issuer = issuer_of_site()
        is_ours = name == issuer.did or _is_ours(name, issuer)
        return published(name) if is_ours else brought.get(name)

    # A record asks for the same keys and lists with every badge in it.
    return verify(data, cache(resolver), timezone.now(), recipient_email=email)


def published(name: str) -> dict[str, Any] | None:
    """What this site publishes under a DID or an address; None for anybody else's."""
    issuer = issuer_of_site()
    if name == issuer.did:
        return signing.did_document_of(issuer)
    if not _is_ours(name, issuer):
        return None
    try:
        found = resolve(urlsplit(name).path)
    except Resolver404:
        return None
    answer = _PUBLISHED.get(found.url_name or "")
    return answer(found.kwargs) if answer else None


def _status(kwargs: dict[str, Any]) -> dict[str, Any] | None:
    row = StatusList.objects.filter(issuer=issuer_of_site(), number=kwargs["number"]).first()
    return json.loads(signing.status_document(row)) if row else None


def _assertion(kwargs: dict[str, Any]) -> dict[str, Any] | None:
    award = Award.objects.issued().with_badge().filter(uid=kwargs["uid"], erased_at=None).first()
    return signing.assertion_of(award) if award else None


def _class(kwargs: dict[str, Any]) -> dict[str, Any] | None:
    rows = AchievementVersion.objects.select_related("achievement")
    version = rows.filter(achievement__uid=kwargs["uid"], number=kwargs["number"]).first()
    return (
        signing.class_of(version, kwargs["language"]) if version and kwargs["language"] in signing.LANGUAGES else None
    )


_PUBLISHED = {
    "status": _status,
    "assertion": _assertion,
    "class": _class,
    "issuer": lambda _kwargs: signing.issuer_profile(issuer_of_site()),
}


def _award_in(document: dict[str, Any]) -> Award | None:
    """The row of the badge that a copy names."""
    uid = _UID.search(str(document.get("id", "")))
    return Award.objects.issued().with_badge().filter(uid=UUID(uid[0])).first() if uid else None


def _verdict(checked: Checked, award: Award | None) -> Verdict:
    # What has to hold before a word of the copy is repeated; a badge that was revoked is still ours.
    is_signed = checked.was_genuine
    is_ours = is_signed or _is_hosted_here(checked)
    said = checked.document if is_signed else {}
    subject = said.get("credentialSubject") or {}
    return Verdict(
        is_genuine=checked.is_genuine,
        headline=_headline(checked, award),
        lines=_lines(checked),
        award=award if is_ours else None,
        name=str(said.get("name") or (award.version.name if award and is_ours else "")),
        holder=_holder_in(subject),
        note=_newer_issue(checked, award) if is_signed and not _was_replaced(checked, award) else "",
        badges=[_verdict(badge, _award_in(badge.document)) for badge in checked.badges],
    )


def _is_hosted_here(checked: Checked) -> bool:
    """Of 2.0, what counts is what stands at its address, which is ours."""
    return checked.form == "ob2" and bool(checked["proof"].ok)


def _lines(checked: Checked) -> list[Line]:
    return [Line(one.ok, title_of(one), words_of(one)) for one in checked.checks if _is_of_interest(one, checked.form)]


def _is_of_interest(check: Check, form: str) -> bool:
    """A record has no status of its own: that of the badges in it counts, and is asked of each."""
    return check.ok is not None or not (check.name == "recipient" or (form == "clr" and check.code == "status.none"))


def _headline(checked: Checked, award: Award | None) -> str:
    if checked.is_genuine and checked.form == "clr":
        return _("This learner record is genuine, and all badges in it are in force.")
    if checked.is_genuine:
        return _("This badge is genuine and in force.")
    failed = {check.code for check in checked.checks if check.ok is False}
    if _was_replaced(checked, award):
        return _("This copy was replaced: the badge has been reissued. Ask its holder for the latest file.")
    for code, words in _SPECIAL.items():
        if code in failed and failed <= {code}:
            return str(words())
    if not checked.form:
        return _("This can’t be read as a badge.")
    return _("This badge can’t be trusted.")


def _was_replaced(checked: Checked, award: Award | None) -> bool:
    """Whether the copy alone was revoked, because the badge was issued anew."""
    failed = {check.code for check in checked.checks if check.ok is False}
    return failed == {"status.revoked"} and award is not None and not award.is_revoked


_SPECIAL = {
    "status.revoked": lambda: _("This badge was issued here, but it was revoked: it is no longer in force."),
    "time.expired": lambda: _("This badge was issued here, but it has expired."),
    "time.not_yet": lambda: _("This badge was issued here, but it is not in force yet."),
    "recipient.other": lambda: _("This badge is genuine, but it was not issued to this email address."),
    "contents.over": lambda: _("This learner record was issued here, but some of its badges are no longer in force."),
}


def _holder_in(subject: dict[str, Any]) -> str:
    """The name that the signed badge itself carries."""
    identities = subject.get("identifier") or []
    names = [one.get("identityHash") for one in identities if one.get("identityType") == "name"]
    return str(names[0]) if names else ""


def _newer_issue(checked: Checked, award: Award | None) -> str:
    """Whether the badge was issued anew after this copy."""

    signed = moment_of(checked.document.get("validFrom"))
    if award is None or award.valid_from is None or signed is None or signed >= award.valid_from:
        return ""
    return _("The badge was reissued after this copy was made, for example because the holder’s name changed.")
