"""The easier variant: the same case under another name, in which defects stand out more."""

import numpy as np
import pytest
from plant.lots import draw_lots
from plant.marks import draw_defect
from plant.settings import KINDS, Settings

from grader.pack import load_pack
from tests.cases.defect_detection import CASE, program


@pytest.fixture(scope="module")
def easy(tmp_path_factory):
    """The folder before its data are made; a test of minutes would be needed for all of it."""
    return program("write_easy").copied(tmp_path_factory.mktemp("easy"))


def test_it_is_a_pack_of_its_own_with_the_same_files_and_scoring(easy, pack):
    found = load_pack(easy)

    assert (found.slug, found.title.ja) == ("defect-detection-easy", "不良個所自動検出（入門）")
    assert (found.files, found.scoring, found.submission) == (pack.files, pack.scoring, pack.submission)
    assert {path.name for path in (easy / "samples/accepted").iterdir()} == {"darkest.py", "spots.onnx"}


def test_its_defects_stand_out_more_on_the_same_surfaces(easy):
    text = (easy / "plant/settings.py").read_text(encoding="utf-8")
    assert "contrast: float = 1.7" in text
    lot = draw_lots(np.random.default_rng(1), Settings(), count=1, first=101)[0]

    for kind in KINDS:
        plain, clear = (
            draw_defect(np.random.default_rng(2), kind, lot, Settings(contrast=contrast)) for contrast in (1.0, 1.7)
        )
        assert clear.clearness(lot) == pytest.approx(1.7 * plain.clearness(lot), rel=0.05)


def test_a_text_that_is_not_there_any_more_is_told(tmp_path):
    """So that a change of the case can't leave the variant as it was."""
    manifest = tmp_path / "case.toml"
    manifest.write_text((CASE / "case.toml").read_text(encoding="utf-8"), encoding="utf-8")

    with pytest.raises(ValueError, match=r"case\.toml does not have"):
        program("write_easy")._change(manifest, {'slug = "another"': 'slug = "defect-detection-easy"'})
