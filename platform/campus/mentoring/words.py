"""Reasons of the queue in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campus.mentoring.queries import Entry
from campus.mentoring.queue import Why


def reasons_of(entry: Entry) -> list[tuple[str, str]]:
    """Each reason as a sentence, with the kind of its mark."""
    return [(_TONES.get(why, "info"), said(why, entry)) for why in entry.place.reasons]


def said(why: Why, entry: Entry) -> str:
    """One reason with its facts."""
    peers = entry.place.candidate.peers
    facts = {
        "n": entry.days,
        "count": peers.count if peers else 0,
        "percent": round(100 * peers.value) if peers and peers.value is not None else 0,
        "width": round(100 * peers.width) if peers else 0,
    }
    return _said(why, entry.days) % facts


def _said(why: Why, days: int) -> str:
    if why == Why.WAITS:
        return ngettext("Has waited for %(n)d day.", "Has waited for %(n)d days.", days)
    return {
        Why.WIDE_INTERVAL: _("Peers differ a lot (range of %(width)d%% of the scale)."),
        Why.FEW_REVIEWS: _("Only one peer has reviewed it so far."),
        Why.NO_REVIEWS: _("No peer has reviewed it yet."),
        Why.APPEAL: _("The authors have asked for re-evaluation."),
        Why.LOW_RESULT: _("Peers rated it low (%(percent)d%% of the scale)."),
        Why.LATE: _("Was handed in late."),
        Why.NEXT_STEP_CLOSE: _("The next step closes within three days: a review now can still be used."),
        Why.NEW_VERSION: _("A new version after a mentor’s review."),
        Why.NEVER: _("No mentor has reviewed anything of theirs yet."),
    }[why]


_TONES = {Why.APPEAL: "error", Why.WIDE_INTERVAL: "warning", Why.LOW_RESULT: "warning", Why.NEXT_STEP_CLOSE: "warning"}
