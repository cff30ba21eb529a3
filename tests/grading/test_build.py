"""Building data: the same seed gives the same bytes, secrets stay secret, and bad generators leave nothing behind."""

from __future__ import annotations

import stat

import numpy as np
import pytest

from grader.ids import Ids
from grader.pack import PackError, load_build, load_pack
from grader.pack.build import digests
from grader.pack.generation import build_pack
from grader.pack.seeds import Seed, SeedKind, demo_seed, read_secret_seed, write_secret_seed
from grader.truth import read_truth
from tests.grading.tiny import GENERATOR, write_case


def test_the_same_seed_gives_the_same_bytes(pack, build, tmp_path):
    again = build_pack(pack, out=tmp_path / "again")

    assert digests(again.path) == digests(build.path)
    assert (again.features_digest, again.truth_digest) == (build.features_digest, build.truth_digest)


def test_a_secret_seed_gives_other_data_and_is_written_nowhere(pack, build, tmp_path):
    write_secret_seed(tmp_path / "seed")
    seed = read_secret_seed(tmp_path / "seed")

    secret = build_pack(pack, out=tmp_path / "out", seed=seed)

    assert (secret.seed_kind, secret.seed_digest) == ("secret", seed.digest)
    assert secret.truth_digest != build.truth_digest
    everything = "".join(path.read_text(encoding="utf-8") for path in secret.path.rglob("*") if path.is_file())
    assert f"{seed.value:032x}" not in everything
    assert str(seed.value) not in everything
    assert str(seed.value) not in repr(seed)


def test_a_secret_seed_is_readable_by_its_owner_only_and_never_overwritten(tmp_path):
    write_secret_seed(tmp_path / "seed")

    assert stat.S_IMODE((tmp_path / "seed").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        write_secret_seed(tmp_path / "seed")


@pytest.mark.parametrize("text", ["", "12", "z" * 32, "0" * 33])
def test_anything_else_is_no_seed(text, tmp_path):
    (tmp_path / "seed").write_text(text)

    with pytest.raises(PackError):
        read_secret_seed(tmp_path / "seed")


def test_the_demo_seed_is_the_manifests(pack):
    assert demo_seed(pack) == Seed(kind=SeedKind.DEMO, value=7)


def test_only_the_owner_may_enter_the_truth(build):
    assert stat.S_IMODE((build.path / "truth").stat().st_mode) == 0o700


def test_a_build_is_read_as_it_was_made(build):
    read = load_build(build.path)

    assert (read.ids.values, read.public_files) == (build.ids.values, build.public_files)
    assert build.ids.values[0] == "A-2026-02-10"
    assert sorted(build.public_files) == ["sales.csv", "sample_submission.csv", "test.csv"]
    assert build.public("test.csv").is_file()


@pytest.mark.parametrize("name", ["../truth/truth.csv", "truth.csv", "", "/etc/passwd"])
def test_only_public_files_are_given_out(name, build):
    with pytest.raises(KeyError):
        build.public(name)


def test_a_full_folder_is_left_alone(pack, tmp_path):
    (tmp_path / "kept.txt").write_text("mine")

    with pytest.raises(FileExistsError):
        build_pack(pack, out=tmp_path)


BAD_GENERATORS = {
    "breaks": ("def generate(*, seed, out, variation):\n    raise RuntimeError('no data')\n", ["build_failed"]),
    "no function": ("x = 1\n", ["build_failed"]),
    "forgets a file": (
        GENERATOR.replace('write(out / "public/test.csv"', 'test or write(out / "public/test.csv"'),
        ["build_file_missing"],
    ),
    "shows the truth": (GENERATOR.replace("truth/shops.csv", "public/shops.csv"), ["build_file_extra"]),
    "other header": (GENERATOR.replace('"日付,店舗,販売数"', '"日付,店,販売数"'), ["build_header"]),
    "an id twice": (GENERATOR.replace('{name},0,0" for name in ids', '{ids[0]},0,0" for name in ids'), ["build_bad"]),
}


@pytest.mark.parametrize("name", BAD_GENERATORS)
def test_a_bad_generator_is_named_and_leaves_nothing(name, tmp_path):
    generator, codes = BAD_GENERATORS[name]
    pack = load_pack(write_case(tmp_path, generator=generator))

    with pytest.raises(PackError) as error:
        build_pack(pack, out=tmp_path / "out")

    assert [problem.code for problem in error.value.problems] == codes
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]


def test_a_folder_that_is_no_build_is_said_so(tmp_path):
    with pytest.raises(PackError, match=r"build\.json"):
        load_build(tmp_path)


def test_truth_stands_in_canonical_order(build, truth):
    shops = [name[0] for name in build.ids.values]

    assert truth.columns["shop"].tolist() == shops
    assert truth.splits["public"].tolist() == [shop == "A" for shop in shops]
    assert truth.tables["shops"]["opening"].tolist() == [10.0, 12.0]
    assert sorted(truth.tables) == ["shops"]


BAD_TRUTHS = {
    "an id missing": ("reversed(truth)", "truth[1:]", "truth_ids"),
    "an id twice": ("reversed(truth)", "[*truth, truth[0]]", "truth_ids"),
    "no split": ("id,split,shop,demand", "id,part,shop,demand", "build_header"),
    "one split": ('"public" if', '"private" if', "truth_split"),
    "no number": ("shop, int(sold))", 'shop, "many")', "truth_not_number"),
}


@pytest.mark.parametrize("name", BAD_TRUTHS)
def test_a_truth_that_does_not_fit_is_refused(name, tmp_path):
    good, bad, code = BAD_TRUTHS[name]
    pack = load_pack(write_case(tmp_path, generator=GENERATOR.replace(good, bad)))
    build = build_pack(pack, out=tmp_path / "out")

    with pytest.raises(PackError) as error:
        read_truth(build=build, pack=pack)

    assert [problem.code for problem in error.value.problems] == [code]


@pytest.mark.parametrize("values", [[""], ["a", "a"], [" a"], ["a,b"], ['"a"'], ["a\n"], ["a" * 101]])
def test_ids_that_csv_would_spoil_are_refused(values):
    with pytest.raises(ValueError):  # noqa: PT011 (the message shows the id)
        Ids.of(values)


def test_ids_know_their_rows():
    ids = Ids.of(["b", "店1"])

    assert (ids.row_of, len(ids)) == ({"b": 0, "店1": 1}, 2)
    np.testing.assert_array_equal(ids.lengths, [1, 4])
