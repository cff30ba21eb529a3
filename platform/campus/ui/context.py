"""What every template knows about the site."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

SITE_NAME = "学び合い Manabiai"


def site(_request: HttpRequest) -> dict[str, Any]:
    """Name of the site, whether anybody may sign up, whether there are notebooks, and the reader's time zone."""
    return {
        "site_name": SITE_NAME,
        "sign_up_is_open": settings.ENVIRONMENT.sign_up == "open",
        "notebooks_are_on": settings.ENVIRONMENT.notebooks == "on",
        "time_zone": timezone.get_current_timezone_name(),
    }
