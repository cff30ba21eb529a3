"""The numbers that a case scores by, in the order and the wording in which pages show them."""

from dataclasses import dataclass

from django.utils.translation import get_language

from campus.cases.models import CaseVersion
from grader.pack.metrics import Business, Metric
from grader.pack.text import Text

YEN = "yen"
NOTHING = "—"


@dataclass(frozen=True)
class Measure:
    """One kind of score: its name, how it is written, and which way is better."""

    key: str
    label: Text
    digits: int
    unit: Text | None
    lower_is_better: bool
    is_primary: bool = False

    @property
    def name(self) -> str:
        """The label in the language of the page."""
        return self.label[_language()]

    @property
    def unit_name(self) -> str:
        """The unit in the language of the page; empty for none."""
        return self.unit[_language()] if self.unit else ""

    @property
    def is_yen(self) -> bool:
        return self.unit is not None and self.unit.en == YEN

    def show(self, value: float | None) -> str:
        """The value with digits and unit as the case says: ``0.4712``, ``¥670,000``; a dash for none."""
        if value is None:
            return NOTHING
        rounded = round(value, self.digits)
        sign = "−" if rounded < 0 else ""
        number = f"{abs(rounded):,.{max(0, self.digits)}f}"
        if self.is_yen:
            return f"{sign}¥{number}"
        return f"{sign}{number} {self.unit_name}".rstrip()


def _language() -> str:
    return get_language() or "ja"


def measures_of(version: CaseVersion) -> list[Measure]:
    """The ranking metric first, then the one that breaks ties, the others, and the value in yen a year."""
    scoring = version.pack().scoring
    metrics = sorted(scoring.metrics, key=lambda one: (one.key != scoring.primary, one.key != scoring.secondary))
    measures = [_of_metric(metric, is_primary=metric.key == scoring.primary) for metric in metrics]
    return [*measures, _of_business(scoring.business)] if scoring.business else measures


def _of_metric(metric: Metric, *, is_primary: bool) -> Measure:
    return Measure(
        key=metric.key,
        label=metric.label,
        digits=metric.digits,
        unit=metric.unit,
        lower_is_better=metric.direction == "lower",
        is_primary=is_primary,
    )


def _of_business(business: Business) -> Measure:
    return Measure(
        key=business.key,
        label=business.label,
        digits=0,
        unit=Text(ja="円", en=YEN),
        lower_is_better=False,
    )
