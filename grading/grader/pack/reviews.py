"""Checks what the manifest says of peer review: which step is judged, and the samples to practise on."""

from __future__ import annotations

from collections.abc import Iterator

from grader.pack.model import Pack
from grader.pack.steps import Criterion


def named_sample_files(pack: Pack) -> list[tuple[str, str]]:
    """Each field that names a sample's text, and the file."""
    samples = pack.review_samples
    return [
        (f"review_samples.{one.key}.text.{language}", one.text[language])
        for one in samples
        for language in ("ja", "en")
    ]


def review_references(pack: Pack) -> Iterator[tuple[str, str, list[str]]]:
    """Each field that names a step or a criterion, what it names, and what there is."""
    judged = [step.key for step in pack.steps if step.kind == "text" and criteria_of(pack, step.key)]
    for step in pack.steps:
        if step.reviews:
            yield f"steps.{step.key}.reviews", step.reviews, judged
    for sample in pack.review_samples:
        yield f"review_samples.{sample.key}.step", sample.step, judged
        known = [criterion.key for criterion in criteria_of(pack, sample.step)]
        for mark in sample.marks:
            yield f"review_samples.{sample.key}.marks.criterion", mark.criterion, known


def review_values(pack: Pack) -> Iterator[tuple[str, str, str]]:
    """Each field whose value does not suit: its name, the value, and what it must be."""
    for step in pack.steps:
        if step.reviews and step.kind != "review":
            yield f"steps.{step.key}.reviews", step.reviews, "left out, since only a step of kind review judges another"
    for sample in pack.review_samples:
        criteria = criteria_of(pack, sample.step)
        points = {criterion.key: [level.points for level in criterion.levels] for criterion in criteria}
        field = f"review_samples.{sample.key}.marks"
        if missing := [key for key in points if key not in {mark.criterion for mark in sample.marks}]:
            yield field, "–", f"written for {', '.join(missing)} too"
        for mark in sample.marks:
            if mark.points not in points.get(mark.criterion, [mark.points]):
                yield f"{field}.{mark.criterion}.points", str(mark.points), f"one of {points[mark.criterion]}"


def criteria_of(pack: Pack, step: str) -> list[Criterion]:
    """The criteria by which the step is judged."""
    return [criterion for criterion in pack.rubric if step in criterion.steps]
