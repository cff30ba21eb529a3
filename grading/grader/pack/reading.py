"""Reads a case pack from its folder, or says which file and field is wrong."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from grader.pack.digests import digest_of_file, digest_of_json
from grader.pack.hints import hint_references, hint_values
from grader.pack.inputs import model_references, model_values
from grader.pack.metrics import Metric
from grader.pack.model import Pack
from grader.pack.pictures import picture_references
from grader.pack.reviews import named_sample_files, review_references, review_values
from grader.pack.sealed import source_values, split_references
from grader.problems import Problem

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

MANIFEST = "case.toml"
TEST_ROLES = {"id", "group", "time", "known_ahead", "note"}


class PackError(Exception):
    """A pack, a seed or a build that cannot be used; each problem names the file, the field and the mend."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.text("en") for problem in problems))


def load_pack(path: Path) -> Pack:
    """Read and check ``path``/case.toml and the files it names. Raises PackError with every problem found."""
    path = Path(path)
    manifest = _read_manifest(path / MANIFEST)
    if problems := [_schema_problem(error) for error in _schema().iter_errors(manifest)]:
        raise PackError(problems)
    pack = _make_pack(path, manifest)
    if problems := list(_problems_of(pack)):
        raise PackError(problems)
    return pack


def pack_digest(path: Path) -> str:
    """SHA-256 over names and contents of the pack's files, without hidden ones and Python's caches."""
    names = [file.relative_to(path) for file in path.rglob("*") if file.is_file()]
    kept = [name for name in names if not any(part.startswith((".", "__pycache__")) for part in name.parts)]
    return digest_of_json({name.as_posix(): digest_of_file(path / name) for name in kept})


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PackError([Problem("pack_missing", {"folder": str(path.parent)})]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackError([Problem("pack_not_toml", {"file": str(path), "detail": str(error)})]) from None


@cache
def _schema() -> Draft202012Validator:
    text = files("grader").joinpath("schema/case.schema.json").read_text(encoding="utf-8")
    from jsonschema import Draft202012Validator  # a second of processor, where its readers of formats are installed

    return Draft202012Validator(json.loads(text))


def _schema_problem(error: ValidationError) -> Problem:
    field = ".".join(str(part) for part in error.absolute_path) or "(top)"
    return Problem("pack_schema", {"file": MANIFEST, "field": field, "detail": error.message[:300]})


def _make_pack(path: Path, manifest: dict[str, Any]) -> Pack:
    scoring = {**manifest["scoring"], "business": manifest.get("business")}
    data = {"pictures": [], **manifest, "scoring": {**scoring, "section": scoring}}
    pack: Pack = make(Pack, {**data, "path": path, "manifest": manifest, "digest": pack_digest(path)})
    return pack


def make(wanted: Any, data: Any) -> Any:
    """Build what the annotation asks for: dataclasses from tables, tuples from arrays, the rest as it is."""
    if data is None:
        return None
    if isinstance(wanted, UnionType):
        return make(next(part for part in get_args(wanted) if part is not type(None)), data)
    if get_origin(wanted) is tuple:
        return tuple(make(get_args(wanted)[0], item) for item in data)
    if is_dataclass(wanted):
        return _make_dataclass(wanted, data)
    return wanted(data) if isinstance(wanted, type) and wanted is not Path else data


def _make_dataclass(wanted: Any, data: Mapping[str, Any]) -> Any:
    hints = get_type_hints(wanted)
    needed = [field for field in fields(wanted) if field.default is field.default_factory is MISSING]
    given = {field.name for field in (*needed, *(field for field in fields(wanted) if field.name in data))}
    return wanted(**{name: make(hints[name], data[name]) for name in given})


def _problems_of(pack: Pack) -> Iterator[Problem]:
    yield from _missing_files(pack)
    yield from _doubled_names(pack)
    yield from _bad_references(pack)
    yield from _bad_values(pack)
    yield from _bad_roles(pack)


def _missing_files(pack: Pack) -> Iterator[Problem]:
    named = [("story.ja", pack.story.ja), ("story.en", pack.story.en)]
    named += [(f"pictures.{number}", name) for number, name in enumerate(pack.pictures)]
    named += named_sample_files(pack)
    for field, name in named:
        inside = (pack.path / name).resolve().is_relative_to(pack.path.resolve())
        if not inside or not (pack.path / name).is_file():
            yield Problem("pack_file_missing", {"file": MANIFEST, "field": f"{field} = {name}"})


def _doubled_names(pack: Pack) -> Iterator[Problem]:
    business = [pack.scoring.business.key] if pack.scoring.business else []
    columns = pack.submission.to_write
    inputs = pack.submission.model.inputs if pack.submission.model else ()
    lists = {
        "files.name": [file.name for file in pack.files],
        "submission.columns.name": [pack.submission.id.name, *(column.name for column in columns)],
        "submission.columns.alias": [pack.submission.id.alias, *(column.alias for column in columns)],
        "submission.model.inputs.name": [each.name for each in inputs],
        "limits.runs.kind": [run.kind.value for run in pack.limits.runs],
        "scoring.metrics.key": [*(metric.key for metric in pack.scoring.metrics), *business],
        "baselines.key": [baseline.key for baseline in pack.baselines],
        "steps.key": [step.key for step in pack.steps],
        "rubric.key": [criterion.key for criterion in pack.rubric],
        "skills.key": [skill.key for skill in pack.skills],
        "review_samples.key": [sample.key for sample in pack.review_samples],
    }
    for sample in pack.review_samples:
        lists[f"review_samples.{sample.key}.marks.criterion"] = [mark.criterion for mark in sample.marks]
    for file in pack.files:
        lists[f"files.{file.name}.columns.name"] = [column.name for column in file.columns]
        lists[f"files.{file.name}.columns.alias"] = [column.alias for column in file.columns]
    for field, names in lists.items():
        for name in (name for name, count in Counter(names).items() if count > 1):
            yield Problem("pack_twice", {"file": MANIFEST, "field": field, "value": name})


def _bad_references(pack: Pack) -> Iterator[Problem]:
    for field, value, known in _references(pack):
        if value not in known:
            names = ", ".join(known) or "–"
            yield Problem("pack_reference", {"file": MANIFEST, "field": field, "value": value, "known": names})


def _references(pack: Pack) -> Iterator[tuple[str, str, list[str]]]:
    """Each field that names something, what it names, and what there is."""
    keys = [metric.key for metric in pack.scoring.metrics]
    yield "submission.sample", pack.submission.sample, [file.name for file in pack.files if file.part == "sample"]
    yield from split_references(pack)
    yield from model_references(pack)
    yield from hint_references(pack)
    yield from review_references(pack)
    yield from picture_references(pack)
    yield "scoring.primary", pack.scoring.primary, keys
    if pack.scoring.secondary is not None:
        yield "scoring.secondary", pack.scoring.secondary, keys
    yield from _measured_columns(pack)
    if business := pack.scoring.business:
        yield "business.metric", business.metric, keys
        yield "business.baseline", business.baseline, [baseline.key for baseline in pack.baselines]
    for criterion in pack.rubric:
        for step in criterion.steps:
            yield f"rubric.{criterion.key}.steps", step, [known.key for known in pack.steps]
    for skill in pack.skills:
        for step in skill.steps:
            yield f"skills.{skill.key}.steps", step, [known.key for known in pack.steps]
    yield from _registered_names(pack)


def _measured_columns(pack: Pack) -> Iterator[tuple[str, str, list[str]]]:
    numbers, columns = ([one.alias for one in each] for each in (pack.submission.columns, pack.submission.to_write))
    for metric in pack.scoring.metrics:
        if metric.prediction is not None:
            yield f"scoring.metrics.{metric.key}.prediction", metric.prediction, columns
        for name in metric.predictions:
            yield f"scoring.metrics.{metric.key}.predictions", name, numbers


def _registered_names(pack: Pack) -> Iterator[tuple[str, str, list[str]]]:
    # Imported here: metrics and simulators use the truth, which uses packs.
    from grader.business import FORMULAS
    from grader.simulators import SIMULATORS

    for metric in pack.scoring.metrics:
        if metric.metric is not None:
            yield f"scoring.metrics.{metric.key}.metric", metric.metric, _metrics_for(metric, pack)
        if metric.simulator is not None:
            yield f"scoring.metrics.{metric.key}.simulator", metric.simulator, sorted(SIMULATORS)
    if pack.scoring.business:
        yield "business.formula", pack.scoring.business.formula, sorted(FORMULAS)


def _metrics_for(metric: Metric, pack: Pack) -> list[str]:
    """The metrics by what they read: a mask, the columns of classes, or one column."""
    from grader.metrics import CLASS_METRICS, MASK_METRICS, METRICS

    if metric.predictions:
        return sorted(CLASS_METRICS)
    of_mask = metric.prediction in {column.alias for column in pack.submission.masks}
    return sorted(MASK_METRICS if of_mask else METRICS.keys() - CLASS_METRICS)


def _bad_values(pack: Pack) -> Iterator[Problem]:
    if pack.path.resolve().name not in {pack.slug, "pack"}:  # an installed pack lies in <version>/pack
        yield _bad_value("slug", pack.slug, f"the folder's name, {pack.path.resolve().name}")
    values = (*source_values(pack), *model_values(pack), *hint_values(pack), *review_values(pack))
    for field, value, wanted in values:
        yield _bad_value(field, value, wanted)
    for column in pack.submission.columns:
        if column.min is not None and column.max is not None and column.min > column.max:
            yield _bad_value(f"submission.columns.{column.alias}.min", str(column.min), f"at most {column.max}")
    for step in pack.steps:
        if step.closes_day <= step.opens_day:
            yield _bad_value(f"steps.{step.key}.closes_day", str(step.closes_day), f"more than {step.opens_day}")
    for criterion in pack.rubric:
        points = [level.points for level in criterion.levels]
        if points != sorted(set(points)):
            yield _bad_value(f"rubric.{criterion.key}.levels", str(points), "in rising order of points")


def _bad_value(field: str, value: str, wanted: str) -> Problem:
    return Problem("pack_value", {"file": MANIFEST, "field": field, "value": value, "wanted": wanted})


def _bad_roles(pack: Pack) -> Iterator[Problem]:
    for file in pack.files:
        if file.part != "test":
            continue
        for column in file.columns:
            if column.role not in TEST_ROLES:
                field = f"files.{file.name}.columns.{column.name}"
                yield Problem("pack_role", {"file": MANIFEST, "field": field, "value": column.role})
