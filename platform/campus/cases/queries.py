"""What the case pages show, read in a bounded number of queries."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from campus.cases.markdown import Rendered, render_markdown
from campus.cases.models import CaseVersion, CohortCase, Step
from campus.cohorts.models import Cohort, in_reader_language

PICTURES_FROM_BRIEF = "pictures/"
PICTURES_FROM_STEP = "../../pictures/"


def case_in(cohort: Cohort, slug: str) -> CohortCase | None:
    """The cohort's case of this name, with its version."""
    found = cohort.cases.select_related("case_version").filter(slug=slug).first()
    if found:
        found.cohort = cohort
    return found


def steps_of(case: CohortCase) -> list[Step]:
    """The steps in their order; each knows its case, so that its properties ask nothing more."""
    steps = list(case.steps.all())
    for step in steps:
        step.cohort_case = case
    return steps


def next_deadline(steps: list[Step]) -> Step | None:
    """The open step that closes first, else the one that opens next."""
    open_steps = [step for step in steps if step.is_open()]
    if open_steps:
        return min(open_steps, key=lambda step: step.closes_at)
    to_come = [step for step in steps if not step.is_closed()]
    return min(to_come, key=lambda step: step.opens_at, default=None)


def story_of(version: CaseVersion) -> Rendered:
    """The story in the language of the page. Rendered once per process: an installation never changes."""
    story = version.manifest["story"]
    return _rendered_file(version.path / "pack" / in_reader_language(story["ja"], story["en"]))


def step_text_of(step: Step) -> Rendered:
    """What a step asks for, in the language of the page."""
    text = step.manifest().get("text", {})
    return _rendered_step(in_reader_language(text.get("ja", ""), text.get("en", "")))


@lru_cache(maxsize=256)
def _rendered_file(path: Path) -> Rendered:
    # The folder's name holds the digest of the pack, so the path stands for its content.
    return render_markdown(path.read_text(encoding="utf-8"), picture_base=PICTURES_FROM_BRIEF)


@lru_cache(maxsize=256)
def _rendered_step(text: str) -> Rendered:
    return render_markdown(text, picture_base=PICTURES_FROM_STEP)


@dataclass(frozen=True)
class BaselineRow:
    """A baseline and its provisional scores; the final ones are not for pages of learners."""

    label: dict[str, str]
    values: dict[str, float]


def baselines_of(version: CaseVersion) -> list[BaselineRow]:
    """The baselines, best provisional score first."""
    primary = version.manifest["scoring"]["primary"]
    metric = next(one for one in version.manifest["scoring"]["metrics"] if one["key"] == primary)
    sign = 1 if metric["direction"] == "lower" else -1
    rows = [BaselineRow(one["label"], one["public"]) for one in version.baselines]
    return sorted(rows, key=lambda row: sign * row.values[primary])
