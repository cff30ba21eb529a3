"""The regions of Japan by prefecture (JIS X 0401), for groups whose people live near each other."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

_REGIONS: dict[str, tuple[str | Promise, range]] = {
    "hokkaido": (pgettext_lazy("region", "Hokkaido"), range(1, 2)),
    "tohoku": (pgettext_lazy("region", "Tohoku"), range(2, 8)),
    "kanto": (pgettext_lazy("region", "Kanto"), range(8, 15)),
    "chubu": (pgettext_lazy("region", "Chubu"), range(15, 24)),
    "kinki": (pgettext_lazy("region", "Kinki"), range(24, 31)),
    "chugoku": (pgettext_lazy("region", "Chugoku"), range(31, 36)),
    "shikoku": (pgettext_lazy("region", "Shikoku"), range(36, 40)),
    "kyushu": (pgettext_lazy("region", "Kyushu and Okinawa"), range(40, 48)),
}


def region_of(prefecture: str) -> str:
    """The key of the prefecture's region; empty for abroad and unknown."""
    number = int(prefecture) if prefecture.isdigit() else 0
    return next((key for key, (_label, numbers) in _REGIONS.items() if number in numbers), "")


def name_of_region(key: str) -> str:
    return str(_REGIONS[key][0]) if key in _REGIONS else _("not given")
