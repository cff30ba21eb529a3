"""The rubric of a step, and the form by which people judge: points and a comment for each criterion.

Peer reviews and mentors' reviews use the same form.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campus.cases.models import Step
from campus.cases.rubrics import criteria_of
from campus.cohorts.models import in_reader_language
from campus.reviews.aggregation import weighted_mean

LONGEST_COMMENT = 2_000
SHORTEST_COMMENT = 10
LONGEST_ADVICE = 3_000
Texts = Mapping[str, str]


def said(text: Texts) -> str:
    """The reader's language of a text of the pack."""
    return in_reader_language(text.get("ja", ""), text.get("en", ""))


@dataclass(frozen=True)
class Level:
    points: int
    text: Texts

    def __str__(self) -> str:
        return said(self.text)


@dataclass(frozen=True)
class Criterion:
    """What is judged, in levels of rising points."""

    key: str
    label: Texts
    description: Texts
    levels: tuple[Level, ...]
    weight: float = 1.0

    def __str__(self) -> str:
        return said(self.label)

    @property
    def about(self) -> str:
        return said(self.description)

    @property
    def least(self) -> int:
        return self.levels[0].points

    @property
    def most(self) -> int:
        return self.levels[-1].points

    def share(self, points: float) -> float:
        """Points as a share of the way from the lowest to the highest level, 0 to 1."""
        return (points - self.least) / (self.most - self.least)

    def points(self, share: float) -> float:
        """The other way round."""
        return self.least + share * (self.most - self.least)


@dataclass(frozen=True)
class Rubric:
    """All criteria by which a step is judged."""

    criteria: tuple[Criterion, ...]

    def __bool__(self) -> bool:
        return bool(self.criteria)

    def __iter__(self) -> Iterator[Criterion]:
        return iter(self.criteria)

    @property
    def weights(self) -> dict[str, float]:
        return {criterion.key: criterion.weight for criterion in self.criteria}

    @property
    def most(self) -> float:
        """The upper end of the scale over all criteria, which is their weighted mean."""
        return weighted_mean({criterion.key: criterion.most for criterion in self.criteria}, self.weights)

    @property
    def least(self) -> float:
        return weighted_mean({criterion.key: criterion.least for criterion in self.criteria}, self.weights)

    def overall(self, marks: Mapping[str, int]) -> float:
        """Marks of all criteria as one share."""
        return weighted_mean(self.shares(marks), self.weights)

    def shares(self, marks: Mapping[str, int]) -> dict[str, float]:
        """Marks of all criteria as shares from 0 to 1."""
        return {criterion.key: criterion.share(marks[criterion.key]) for criterion in self.criteria}

    def is_complete(self, marks: Mapping[str, int]) -> bool:
        return all(criterion.key in marks for criterion in self.criteria)


def rubric_of(step: Step) -> Rubric:
    """The rubric by which the step is judged; without criteria where the case has none for it."""
    return Rubric(
        tuple(
            Criterion(
                key=one["key"],
                label=one["label"],
                description=one["description"],
                levels=tuple(Level(level["points"], level["text"]) for level in one["levels"]),
                weight=one.get("weight", 1.0),
            )
            for one in criteria_of(step)
        )
    )


class RubricForm(forms.Form):
    """A field for points and one for a comment by criterion; what was typed is kept as it is, right or wrong."""

    def __init__(self, *args: Any, rubric: Rubric, comments: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rubric = rubric
        self.has_comments = comments
        for criterion in rubric:
            self.fields[f"mark-{criterion.key}"] = forms.TypedChoiceField(
                label=str(criterion),
                help_text=criterion.about,
                choices=[(level.points, f"{level.points}  {level}") for level in criterion.levels],
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose the level that fits best.")},
            )
            if comments:
                self.fields[f"comment-{criterion.key}"] = _comment_field(criterion)

    @property
    def parts(self) -> list[tuple[Criterion, BoundField, BoundField | None]]:
        """Each criterion with its fields, for the template."""
        return [
            (one, self[f"mark-{one.key}"], self[f"comment-{one.key}"] if self.has_comments else None)
            for one in self.rubric
        ]

    @property
    def marks(self) -> dict[str, int]:
        """Points of the valid form by criterion."""
        return {one.key: self.cleaned_data[f"mark-{one.key}"] for one in self.rubric}

    @property
    def comments(self) -> dict[str, str]:
        return {one.key: self.cleaned_data[f"comment-{one.key}"] for one in self.rubric}

    @property
    def is_too_long(self) -> bool:
        """Whether something is longer than what a draft keeps of it."""
        return any(one.code == "max_length" for found in self.errors.as_data().values() for one in found)

    def typed(self) -> tuple[dict[str, int], dict[str, str]]:
        """Marks and comments as they stand in the page: only levels that exist, texts cut to what is kept."""
        marks, comments = {}, {}
        for one in self.rubric:
            points = {str(level.points): level.points for level in one.levels}
            if (mark := self.data.get(f"mark-{one.key}", "")) in points:
                marks[one.key] = points[mark]
            if text := self.data.get(f"comment-{one.key}", ""):
                comments[one.key] = text[:LONGEST_COMMENT]
        return marks, comments


def _comment_field(criterion: Criterion) -> forms.CharField:
    return forms.CharField(
        label=_("Why you chose it, and advice on what to do next (%(criterion)s)") % {"criterion": criterion},
        min_length=SHORTEST_COMMENT,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Write a sentence on what led you to choose this level."),
            "min_length": _("Write at least a short sentence so the author understands the level."),
        },
    )


class ReviewForm(RubricForm):
    """The form of a whole review."""

    advice = forms.CharField(
        label=pgettext_lazy("review", "What is good about it, and one piece of advice"),
        help_text=gettext_lazy("The author reads this first. Write about the work, not the person."),
        min_length=SHORTEST_COMMENT,
        max_length=LONGEST_ADVICE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"min_length": gettext_lazy("Write at least a short sentence so the author understands.")},
    )


def initial_of(marks: Mapping[str, int], comments: Mapping[str, str], advice: str = "") -> dict[str, Any]:
    """What the form begins with, from what was saved."""
    initial: dict[str, Any] = {f"mark-{key}": points for key, points in marks.items()}
    return initial | {f"comment-{key}": text for key, text in comments.items()} | {"advice": advice}
