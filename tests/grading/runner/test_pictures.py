"""What an ONNX model gets of pictures: grey values in the shape that its input asks for, some rows at a time."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader.contract import Kind, Plane
from grader.pack.form import ModelForm
from grader.pictures import write_pictures
from tests.grading.onnx_files import FLOAT, brightest
from tests.grading.sandboxes import Sandbox

pytestmark = pytest.mark.xdist_group("runner")
UINT8 = 2


@pytest.fixture
def pictured(sandbox: Sandbox, tmp_path: Path) -> Sandbox:
    """The tiny case with a picture of 2 × 3 pixels for each id, whose brightest pixel is the row's number."""
    folder = shutil.copytree(sandbox.build.path, tmp_path / "build")
    spot = np.array([[0, 0, 0], [0, 1, 0]], dtype=np.uint8)
    write_pictures(folder / "public/looks.zip", {id_: spot * row for row, id_ in enumerate(sandbox.build.ids.values)})
    form = replace(sandbox.pack.submission, model=ModelForm("test.csv", "pictures", pictures="looks.zip"))
    return replace(
        sandbox,
        pack=replace(sandbox.pack, submission=form),
        build=replace(sandbox.build, path=folder, public_files={**sandbox.build.public_files, "looks.zip": ""}),
    )


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        (("rows", 2, 3), FLOAT),
        (("rows", 1, 2, 3), FLOAT),
        (("rows", 6), FLOAT),
        ((8, 1, 2, 3), FLOAT),  # exported for eight at a time
        (("rows", 2, 3), UINT8),
    ],
)
def test_pictures_come_in_canonical_order_and_the_shape_that_is_asked_for(pictured, shape, kind):
    done = pictured.run(Kind.ONNX, brightest(*shape, kind=kind), on=Plane.HIDDEN)

    assert done.problems == ()
    assert done.values[:, 0].tolist() == list(range(40))


def test_a_trial_run_gets_the_pictures_of_the_sample_alone(pictured):
    done = pictured.run(Kind.ONNX, brightest("rows", 2, 3), on=Plane.SAMPLE)

    assert done.values[:, 0].tolist() == list(range(10))
