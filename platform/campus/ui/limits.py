"""How often something may be asked: by person, for those who are not signed in by address."""

from django.http import HttpRequest
from ninja.throttling import SimpleRateThrottle


class Limit(SimpleRateThrottle):
    """``Limit("wrong-secret", "30/m").allow_request(request)`` counts and says whether it is still fine."""

    def __init__(self, kind: str, rate: str) -> None:
        super().__init__(rate=rate)
        self.kind = kind

    def get_cache_key(self, request: HttpRequest) -> str:
        who = f"person-{request.user.pk}" if request.user.is_authenticated else self.get_ident(request)
        return self.cache_format % {"scope": self.kind, "ident": who}

    def seconds_to_wait(self) -> int:
        """For Retry-After, once it was refused."""
        return int(self.wait() or self.duration or 60) + 1
