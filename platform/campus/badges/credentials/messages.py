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
    "input.unknown": _("This is no badge: neither JSON nor a signed token nor a picture with a badge inside."),
    "input.damaged_picture": _("The picture is damaged. Download the badge again from where it was issued."),
    "input.no_badge_in_picture": _("There is no badge inside this picture. Some programs remove it when they save."),
    "structure.ob3": _("Open Badges 3.0, with everything that the standard requires."),
    "structure.ob2": _("Open Badges 2.0, with everything that the standard requires."),
    "structure.clr": _("Comprehensive Learner Record 2.0, with everything that the standard requires."),
    "structure.missing": _("“%(name)s” is missing or is not as the standard requires."),
    "jwt.unreadable": _("The signed token can't be read. Copy it whole, without spaces."),
    "jwt.header": _("The token is signed in a way that can't be trusted for badges."),
    "jwt.claims": _("The token contradicts the badge inside it."),
    "context.known": _("Its terms are those of the standard."),
    "context.all_signed": _("Every word of the badge is covered by the signature."),
    "context.hosted": _("It is read from the issuer's own site."),
    "context.inline": _("The badge redefines terms of the standard, so its words can't be trusted."),
    "context.unknown": _("The badge uses terms that we don't know: %(url)s"),
    "context.unsigned": _("Something in the badge is covered by no signature: it may have been added later."),
    "proof.data_integrity": _("The signature holds (key %(key)s)."),
    "proof.jwt": _("The signature of the token holds (key %(key)s)."),
    "proof.missing": _("The badge is not signed."),
    "proof.many": _("The badge has several signatures; we can check one."),
    "proof.kind": _("The badge is signed in a way that we can't check: %(kind)s"),
    "proof.wrong": _("The signature does not hold: the badge was changed, or somebody else signed it."),
    "proof.not_issuers_key": _("The key of the signature is none of the issuer's: %(key)s"),
    "proof.key_revoked": _("The issuer revoked the key of this signature, because it is no longer safe: %(key)s"),
    "proof.key_unreadable": _("The issuer's key can't be read: %(key)s"),
    "hosted.same": _("The issuer's site shows the same badge."),
    "hosted.missing": _("There is no such badge at its address: %(url)s"),
    "hosted.different": _(
        "The issuer's site shows something else at %(url)s. This badge was changed, or issued anew since: then ask its"
        " holder for the present file."
    ),
    "issuer.known": _("%(issuer)s (%(did)s)"),
    "issuer.unresolved": _("The issuer can't be confirmed: %(did)s"),
    "issuer.other": _("The keys at the issuer's address belong to somebody else: %(did)s"),
    "issuer.not_named": _("A revoked badge names no issuer."),
    "time.not_yet": _("The badge is valid only from %(since)s."),
    "time.expired": _("The badge was valid until %(until)s."),
    "time.until": _("Valid until %(until)s."),
    "time.unlimited": _("Valid without an end."),
    "status.none": _("The badge has no way to be revoked."),
    "status.good": _("The issuer's list does not name it as revoked."),
    "status.revoked": _("The issuer revoked this badge."),
    "status.suspended": _("The issuer has suspended this badge."),
    "status.unknown": _("The badge tells in a way that we don't know how to ask whether it was revoked: %(kind)s"),
    "status.unresolved": _("The list of revoked badges can't be reached: %(url)s"),
    "status.unreadable": _("The list of revoked badges can't be trusted: %(url)s"),
    "recipient.not_asked": _("Not asked. Enter the holder's email address to check whose it is."),
    "recipient.same": _("The badge was issued to this email address."),
    "recipient.other": _("The badge was not issued to this email address."),
    "contents.good": _("Badges in it: %(count)s"),
    "contents.over": _("Badges in it that were revoked or have expired since: %(count)s (of %(all)s)"),
    "contents.forged": _("A badge in it does not hold by itself: it was changed, or somebody else signed it."),
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
