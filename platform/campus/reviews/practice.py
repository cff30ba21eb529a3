"""Practising on samples with known marks, and what it says about a reviewer."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from campus.cases.markdown import render_markdown
from campus.cases.models import CaseVersion
from campus.cohorts.models import in_reader_language
from campus.reviews.models import PracticeReview, ReviewRound, Share
from campus.reviews.rubrics import Criterion, Rubric, rubric_of, said


@dataclass(frozen=True)
class Sample:
    """A hand-in of the case with known marks."""

    key: str
    number: int
    files: dict[str, str]
    known: dict[str, int]
    reasons: dict[str, dict[str, str]]
    version: CaseVersion

    @property
    def html(self) -> str:
        """The text in the reader's language, safe to show."""
        name = in_reader_language(self.files["ja"], self.files["en"])
        return _rendered((self.version.path / "pack" / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=32)
def _rendered(text: str) -> str:
    return render_markdown(text, picture_base="").html


def samples_of(round: ReviewRound) -> list[Sample]:
    """The samples for the judged step, in the case's order."""
    version = round.step.case_version
    sections: list[dict[str, Any]] = version.manifest.get("review_samples", [])
    return [
        Sample(
            key=one["key"],
            number=number,
            files=one["text"],
            known={mark["criterion"]: mark["points"] for mark in one["marks"]},
            reasons={mark["criterion"]: mark["because"] for mark in one["marks"]},
            version=version,
        )
        for number, one in enumerate((s for s in sections if s["step"] == round.judged.key), start=1)
    ]


def is_practised(share: Share) -> bool:
    """Whether every sample of the case was practised on."""
    keys = {sample.key for sample in samples_of(share.round)}
    return not keys or keys <= set(share.practice.values_list("sample", flat=True))


def next_sample(share: Share) -> Sample | None:
    """The first one that is left."""
    done = set(share.practice.values_list("sample", flat=True))
    return next((sample for sample in samples_of(share.round) if sample.key not in done), None)


@dataclass(frozen=True)
class Compared:
    """One criterion of a sample: what the reviewer gave and what it deserves."""

    criterion: Criterion
    given: int
    known: int
    because: str

    @property
    def difference(self) -> int:
        return self.given - self.known


def compare(practised: PracticeReview, sample: Sample, rubric: Rubric) -> list[Compared]:
    return [
        Compared(one, practised.marks[one.key], sample.known[one.key], said(sample.reasons[one.key]))
        for one in rubric
        if one.key in practised.marks and one.key in sample.known
    ]


def rubric_of_round(round: ReviewRound) -> Rubric:
    """What reviews of the round judge by."""
    return rubric_of(round.judged)
