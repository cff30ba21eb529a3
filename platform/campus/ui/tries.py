"""How often something secret may be tried wrong: links, codes. Right tries are never counted."""

from dataclasses import dataclass

from django.core.cache import cache


@dataclass(frozen=True)
class Tries:
    """So many wrong ones from the same side within so many seconds; ``name`` keeps secrets apart."""

    name: str
    most: int
    seconds: int

    def are_left(self, who: object) -> bool:
        """Whether ``who`` (a network address, a person's id …) may try once more."""
        return int(cache.get(self._key(who), 0)) < self.most

    def count_wrong(self, who: object) -> None:
        key = self._key(who)
        cache.add(key, 0, self.seconds)
        try:
            cache.incr(key)
        except ValueError:  # It ran out between the two.
            cache.set(key, 1, self.seconds)

    def _key(self, who: object) -> str:
        return f"tries:{self.name}:{who}"
