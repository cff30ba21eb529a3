"""What a check found: the work is right, and what is worth a second look."""

from dataclasses import dataclass, field

from grader.contract import Kind
from manabiai import displays
from manabiai.displays import Shown
from manabiai.words import Language, say


@dataclass(frozen=True, repr=False)
class Checked(Shown):
    """Work that the site will accept.

    ``rows``: of predictions, how many. ``notices``: what was put right while reading. ``hints``: advice, above all on
    what isn't known in time; it refuses nothing and costs nothing.
    """

    kind: Kind | None
    rows: int | None
    notices: list[str]
    summary: str
    hints: list[str] = field(default_factory=list)
    language: Language = "en"

    def __str__(self) -> str:
        hints = [say("hint", self.language, text=text) for text in self.hints]
        return "\n".join([self.summary, *(f"- {text}" for text in [*self.notices, *hints])])

    def html(self) -> str:
        return displays.panel(
            self.language,
            displays.line(f"✓ {self.summary}", strong=True),
            displays.bullets("", self.notices),
            displays.bullets(say("hints", self.language), self.hints),
        )
