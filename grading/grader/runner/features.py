"""What a run is given of a case: test columns or pictures for models, public files for code. Nothing of the truth."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from grader.contract import Kind, Plane
from grader.pack import Build, Pack
from grader.pack.form import ModelForm, ModelInput
from grader.pack.hints import spec_of_programs
from grader.pack.inputs import MODELS, input_columns
from grader.pack.model import DataFile
from grader.pictures import Pictures, pictures_of
from grader.runner.work import payload

KEPT = 16
_DAY = np.datetime64("1970-01-01", "D")


@dataclass(frozen=True, eq=False)
class Given:
    """data: see work/payload.py. digest: SHA-256 of it. rows: how many are to predict, the first of the ids."""

    data: bytes
    digest: str
    rows: int


_kept: OrderedDict[tuple[str, ...], Given] = OrderedDict()
_lock = threading.Lock()


def given_to(kind: Kind, *, pack: Pack, build: Build, on: Plane, swapped: bool = False) -> Given:
    """What a run of this kind gets on that plane; kept in memory, since every submission gets the same.

    swapped: models get the first half of the rows as they are, and other inputs in the second half.
    """
    family = ("swapped" if swapped else "model") if kind in MODELS else "code"
    key = (str(build.path.resolve()), build.features_digest, pack.digest, family, on.value)
    with _lock:
        if key not in _kept:
            _kept[key] = _made(family, pack=pack, build=build, on=on)
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        _kept.move_to_end(key)
        return _kept[key]


def _made(family: str, *, pack: Pack, build: Build, on: Plane) -> Given:
    ids = build.ids.values if on is Plane.HIDDEN else build.ids.values[: pack.submission.sample_rows]
    form = pack.submission
    header: dict[str, Any] = {
        "rows": len(ids),
        "id": [form.id.name, form.id.alias],
        "answer": [[column.name, column.alias] for column in form.columns],
    }
    make = {"model": _for_models, "swapped": _for_models_swapped, "code": _for_code}[family]
    more, parts = make(pack, build, list(ids))
    data = payload.write({**header, **more}, parts)
    return Given(data=data, digest=hashlib.sha256(data).hexdigest(), rows=len(ids))


def _for_models(pack: Pack, build: Build, ids: list[str]) -> tuple[dict[str, Any], dict[str, bytes]]:
    form = pack.submission.model
    if form is None:
        raise ValueError(f"{pack.slug} does not say what a model is given")
    if form.pictures is not None:
        return _as_pictures(pictures_of(build.public(form.pictures), ids))
    return _as_inputs(form, _model_columns(pack, build, form, ids))


def _for_models_swapped(pack: Pack, build: Build, ids: list[str]) -> tuple[dict[str, Any], dict[str, bytes]]:
    form = pack.submission.model
    if form is None:
        raise ValueError(f"{pack.slug} does not say what a model is given")
    half = len(ids) // 2
    if form.pictures is not None:
        pictures = pictures_of(build.public(form.pictures), ids)
        return _as_pictures(np.concatenate([pictures[:half], np.repeat(pictures[:1], len(ids) - half, axis=0)]))
    columns = _model_columns(pack, build, form, ids)
    # All like the first row: values that have been seen, and another mean.
    others = {name: np.repeat(values[:1], len(values) - half) for name, values in columns.items()}
    return _as_inputs(form, {name: np.concatenate([values[:half], others[name]]) for name, values in columns.items()})


def _as_pictures(pictures: Pictures) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Grey values as bytes: a fourth of what they take as float32, which the run makes of them itself."""
    return {"form": "pictures", "size": list(pictures.shape[1:])}, {"pictures": pictures.tobytes()}


def _as_inputs(form: ModelForm, columns: dict[str, NDArray[Any]]) -> tuple[dict[str, Any], dict[str, bytes]]:
    if form.form == "matrix":
        matrix = np.ascontiguousarray(np.column_stack(list(columns.values())), dtype=np.float64)
        return {"form": "matrix"}, {"matrix": matrix.tobytes(), "matrix f32": _as_float32(matrix)}
    kinds = {name: "text" if values.dtype == object else "float" for name, values in columns.items()}
    parts = {f"input {name}": _packed(values) for name, values in columns.items()}
    single = {f"input {name} f32": _as_float32(columns[name]) for name, kind in kinds.items() if kind == "float"}
    return {"form": "columns", "inputs": kinds}, parts | single


def _as_float32(values: NDArray[Any]) -> bytes:
    """As most ONNX models take them: made once, instead of in each run."""
    return values.astype(np.float32).tobytes()


def _packed(values: NDArray[Any]) -> bytes:
    return "\n".join(values).encode() if values.dtype == object else values.astype(np.float64).tobytes()


def _model_columns(pack: Pack, build: Build, form: ModelForm, ids: list[str]) -> dict[str, NDArray[Any]]:
    """Each input by name, rows in canonical order."""
    described = input_columns(pack)
    id_name = described[pack.submission.id.alias].name
    frame = pd.read_csv(build.public(form.file), dtype={id_name: object}, encoding="utf-8", keep_default_na=False)
    frame = frame.set_index(id_name, drop=False).loc[ids]
    return {each.name: _input(frame, each, pack) for each in form.inputs}


def _input(frame: pd.DataFrame, each: ModelInput, pack: Pack) -> NDArray[Any]:
    column = input_columns(pack)[each.column]
    cells = frame[column.name]
    if column.dtype == "date":
        return _of_dates(cells, each.part)
    if column.dtype == "text":
        return np.array([str(cell).replace("\n", " ") for cell in cells], dtype=object)
    if column.dtype == "bool":
        cells = cells.astype(str).str.lower().map({"1": 1.0, "true": 1.0, "0": 0.0, "false": 0.0})
    return pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64)


def _of_dates(cells: pd.Series[Any], part: str) -> NDArray[np.float64]:
    days = pd.to_datetime(cells)
    if part == "days":
        return (days.to_numpy().astype("datetime64[D]") - _DAY).astype(np.float64)
    found: pd.Series[Any] = getattr(days.dt, {"weekday": "day_of_week"}.get(part, part))
    return found.to_numpy(dtype=np.float64)


def _for_code(pack: Pack, build: Build, ids: list[str]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Every public file; those with a row per id have only the rows that are run."""
    whole = len(ids) == len(build.ids)
    files = {
        file.name: build.public(file.name).read_bytes() if whole else _cut(file, pack, build, ids)
        for file in pack.files
    }
    parts = {f"file {name}": content for name, content in files.items()}
    aliases = {file.name: {column.name: column.alias for column in file.columns} for file in pack.files}
    more = {"names": list(files), "aliases": aliases, "hints": spec_of_programs(pack)}
    return more, {**parts, "ids": "\n".join(ids).encode()}


def _cut(file: DataFile, pack: Pack, build: Build, ids: list[str]) -> bytes:
    content = build.public(file.name).read_bytes()
    if file.part not in ("test", "sample"):
        return content
    id_name = next((column.name for column in file.columns if column.alias == pack.submission.id.alias), None)
    if id_name is None:
        return content
    frame = pd.read_csv(build.public(file.name), dtype=object, encoding="utf-8", keep_default_na=False)
    kept = frame[frame[id_name].isin(set(ids))]
    return kept.to_csv(index=False, lineterminator="\n").encode()
