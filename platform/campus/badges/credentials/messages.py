"""The words for what ``verify`` answers, so that the page and the command say the same in both languages."""

from django.utils.translation import gettext_lazy as _

from campus.badges.credentials.text import moment_of
from campus.badges.credentials.verify import Check
from campus.ui.moments import moment_in_words

TITLES = {
    "structure": _("It is a complete badge"),
    "context": _("Nothing was added without a signature"),
    "proof": _("It was not changed"),
    "issuer": _("The issuer is known"),
    "time": _("It is valid now"),
    "status": _("It was not revoked"),
    "recipient": _("It belongs to this person"),
    "contents": _("The badges in it are genuine and in force"),
}

WORDS = {
    "not_asked": _("Not checked, because something before it failed."),
    "input.too_large": _("This is too large to be a badge."),
    "input.unknown": _(
        "This isn’t a badge: it is neither JSON, nor a signed token, nor a picture with a badge inside."
    ),
    "input.damaged_picture": _("The picture is damaged. Download the badge again from the site that issued it."),
    "input.no_badge_in_picture": _(
        "There is no badge inside this picture. Some programs remove it when they save a picture."
    ),
    "structure.ob3": _("Open Badges 3.0, with everything the standard requires."),
    "structure.ob2": _("Open Badges 2.0, with everything the standard requires."),
    "structure.clr": _("Comprehensive Learner Record 2.0, with everything the standard requires."),
    "structure.missing": _("“%(name)s” is missing or doesn’t follow the standard."),
    "jwt.unreadable": _("The signed token can’t be read. Copy all of it, without spaces."),
    "jwt.header": _("The token is signed in a way that can’t be trusted for badges."),
    "jwt.claims": _("The token contradicts the badge inside it."),
    "context.known": _("It uses only terms of the standard."),
    "context.all_signed": _("Every word of the badge is covered by the signature."),
    "context.hosted": _("It was read from the issuer’s own site."),
    "context.inline": _("The badge redefines terms of the standard, so what it says can’t be trusted."),
    "context.unknown": _("The badge uses terms this site doesn’t know: %(url)s"),
    "context.unsigned": _("Something in the badge isn’t covered by the signature: it may have been added later."),
    "proof.data_integrity": _("The signature is valid (key %(key)s)."),
    "proof.jwt": _("The token’s signature is valid (key %(key)s)."),
    "proof.missing": _("The badge is not signed."),
    "proof.many": _("The badge has several signatures; this site can check only one."),
    "proof.kind": _("The badge is signed in a way this site can’t check: %(kind)s"),
    "proof.wrong": _("The signature is not valid: the badge was changed, or somebody else signed it."),
    "proof.not_issuers_key": _("The signature’s key doesn’t belong to the issuer: %(key)s"),
    "proof.key_revoked": _("The issuer revoked the key of this signature because it is no longer safe: %(key)s"),
    "proof.key_unreadable": _("The issuer’s key can’t be read: %(key)s"),
    "hosted.same": _("The issuer’s site shows the same badge."),
    "hosted.missing": _("There is no such badge at its address: %(url)s"),
    "hosted.different": _(
        "The issuer’s site shows something different at %(url)s. This badge was changed, or has since been reissued. "
        "If so, ask its holder for the latest file."
    ),
    "issuer.known": _("%(issuer)s (%(did)s)"),
    "issuer.unresolved": _("The issuer can’t be confirmed: %(did)s"),
    "issuer.other": _("The keys at the issuer’s address belong to somebody else: %(did)s"),
    "issuer.not_named": _("A revoked badge doesn’t name its issuer."),
    "time.not_yet": _("The badge is not valid until %(since)s."),
    "time.expired": _("The badge was valid until %(until)s."),
    "time.until": _("Valid until %(until)s."),
    "time.unlimited": _("Doesn’t expire."),
    "status.none": _("This badge can’t be revoked."),
    "status.good": _("The issuer’s list doesn’t name it as revoked."),
    "status.revoked": _("The issuer revoked this badge."),
    "status.suspended": _("The issuer has suspended this badge."),
    "status.unknown": _("The badge uses a way of checking for revocation that this site doesn’t know: %(kind)s"),
    "status.unresolved": _("The list of revoked badges can’t be read: %(url)s"),
    "status.unreadable": _("The list of revoked badges can’t be trusted: %(url)s"),
    "recipient.not_asked": _("Not checked. Enter the holder’s email address to check whose badge it is."),
    "recipient.same": _("The badge was issued to this email address."),
    "recipient.other": _("The badge was not issued to this email address."),
    "contents.good": _("Badges in it: %(count)s"),
    "contents.over": _("Badges in it that have since been revoked or expired: %(count)s (of %(all)s)"),
    "contents.forged": _("A badge in it is not valid: it was changed, or somebody else signed it."),
}


def title_of(check: Check) -> str:
    """What the check is about."""
    return str(TITLES[check.name])


def words_of(check: Check) -> str:
    """What was found, in the reader's language, with moments in the reader's time."""
    return str(WORDS[check.code]) % {name: _shown(name, value) for name, value in check.params.items()}


def _shown(name: str, value: str) -> str:
    moment = moment_of(value) if name in {"since", "until"} else None
    return moment_in_words(moment) if moment else value
