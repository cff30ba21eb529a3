"""`grader check`: a sound pack proves itself, and each way to be unsound is found."""

from __future__ import annotations

import gzip
import json

import pytest

from grader.checks import CHECKS, check_build, check_pack, prove_pack
from grader.pack import load_build, load_pack
from grader.pack.generation import build_pack
from tests.grading.tiny import CASE, GENERATOR, csv_of, rows_of, write_case


def write_proven_case(folder, **parts):
    """The tiny case with one sample of each sort, recorded."""
    path = write_case(folder, **parts)
    ids = build_pack(load_pack(path), out=folder / "built").ids
    for kind in ("accepted", "rejected"):
        (path / "samples" / kind).mkdir(parents=True)
    (path / "samples" / "accepted" / "thirty.csv.gz").write_bytes(gzip.compress(csv_of(rows_of(ids.values)), mtime=0))
    (path / "samples" / "rejected" / "value_nan.csv").write_bytes(csv_of([f"{name},NaN,0" for name in ids.values]))
    return path


def found_in(path, *, recording=True):
    return [(problem.code, problem.params["file"]) for problem in check_pack(path, recording=recording)]


def test_a_sound_pack_proves_itself(tmp_path):
    path = write_proven_case(tmp_path)

    assert found_in(path, recording=True) == []
    assert found_in(path, recording=False) == []

    recorded = json.loads((path / "samples" / "expected.json").read_text(encoding="utf-8"))
    assert recorded["rejected"] == {"value_nan.csv": ["value_nan", "more_problems"]}
    assert sorted(recorded["accepted"]["thirty.csv.gz"]["public"]) == ["rmse", "saving_yen", "wape"]


def test_a_pack_without_samples_proves_nothing(tmp_path):
    path = write_case(tmp_path)

    assert found_in(path, recording=False) == [("pack_file_missing", "samples/expected.json")]
    assert found_in(path) == [("nothing_recorded", "samples/accepted"), ("nothing_recorded", "samples/rejected")]


def test_what_differs_from_the_record_is_told(tmp_path):
    path = write_proven_case(tmp_path)
    check_pack(path, recording=True)
    expected = json.loads((path / "samples" / "expected.json").read_text(encoding="utf-8"))
    expected["truth_digest"] = "0"
    expected["accepted"]["thirty.csv.gz"]["public"]["wape"] = 0.5
    expected["accepted"]["away.csv"] = {}
    expected["rejected"] = {}
    (path / "samples" / "expected.json").write_text(json.dumps(expected), encoding="utf-8")

    assert found_in(path, recording=False) == [
        ("digest_differs", "samples/expected.json"),
        ("sample_missing", "samples/expected.json"),
        ("sample_differs", "samples/accepted/thirty.csv.gz"),
        ("sample_unrecorded", "samples/expected.json"),
    ]


def test_a_sample_that_ends_the_other_way_is_told_even_when_recorded(tmp_path):
    path = write_proven_case(tmp_path)
    accepted, rejected = path / "samples" / "accepted", path / "samples" / "rejected"
    good = gzip.decompress((accepted / "thirty.csv.gz").read_bytes())
    (rejected / "good.csv").write_bytes(good)
    (accepted / "bad.csv").write_bytes(b"")

    assert found_in(path) == [
        ("sample_refused", "samples/accepted/bad.csv"),
        ("sample_accepted", "samples/rejected/good.csv"),
    ]


UNSOUND = {
    "truth as a price": (
        {"generator": GENERATOR.replace("{rng.integers(90, 110)}", "{int(sold) * 3 + 7}")},
        [("truth_shown", "test.csv")],
    ),
    "sales reach into the test": (
        {"generator": GENERATOR.replace("zip(days[:40], demand", "zip(days[:41], demand")},
        [("truth_overlaps", "sales.csv")],
    ),
    "one shop in both splits": (
        {"generator": GENERATOR.replace('"public" if shop == "A"', '"public" if len(truth) % 2')},
        [("truth_straddles", "truth.csv"), ("truth_straddles", "truth.csv")],
    ),
    "another share": (
        {"case": CASE.replace("public_share = 0.5", "public_share = 0.3")},
        [("truth_share", "truth.csv")],
    ),
    "a word among numbers": (
        {"generator": GENERATOR.replace("{rng.integers(90, 110)}", "cheap")},
        [("build_value", "test.csv")],
    ),
    "all ones beat the mean": (
        {"generator": GENERATOR.replace("{name},{level:.1f},0", "{name},900,0")},
        [("trivial_wins", "truth")] * 3,
    ),
    "a weak oracle": (
        {"generator": GENERATOR.replace("{row[0]},{row[3]},0", "{row[0]},500,0")},
        [("oracle_loses", "oracle.csv")],
    ),
    "a parameter that the metric lacks": (
        {"case": CASE.replace('metric = "wape"\n', 'metric = "wape"\nparams = { tau = 0.8 }\n')},
        [("pack_scoring", "case.toml")],
    ),
    "a legacy that is refused": (
        {"generator": GENERATOR.replace("{name},{level:.1f},0", "{name},,0")},
        [("sample_refused", "mean.csv")],
    ),
    "a baseline that is refused": (
        {"generator": GENERATOR.replace("{name},1,0", "{name},,0")},
        [("sample_refused", "ones.csv")],
    ),
}


@pytest.mark.parametrize("name", UNSOUND)
def test_an_unsound_pack_is_found_out(name, tmp_path):
    parts, expected = UNSOUND[name]

    assert found_in(write_proven_case(tmp_path, **parts)) == expected


def test_a_pack_that_cannot_be_read_is_told_in_the_same_way(tmp_path):
    path = write_case(tmp_path, case=CASE.replace('primary = "wape"', 'primary = "auc"'))

    assert found_in(path) == [("pack_reference", "case.toml")]


def test_a_build_made_before_is_checked_without_making_it_again(tmp_path):
    path = write_proven_case(tmp_path)
    check_pack(path, recording=True)
    pack, build = load_pack(path), load_build(tmp_path / "built")
    (path / "generate.py").unlink()

    assert check_build(pack, build) == []


def test_the_proof_tells_each_check_by_name_as_far_as_it_came(tmp_path):
    path = write_proven_case(tmp_path)
    good = prove_pack(path, recording=True)
    (path / "generate.py").write_text("1 / 0", encoding="utf-8")
    unbuilt = prove_pack(path)
    (path / "case.toml").write_text("slug =", encoding="utf-8")
    unread = prove_pack(path)

    assert [(check.name, check.problems) for check in good.checks] == [
        (name, ()) for name in ("reading", "building", *CHECKS)
    ]
    assert (sorted(good.ladder), sorted(good.ladder["mean"]["public"])) == (
        ["mean", "ones"],
        ["rmse", "saving_yen", "wape"],
    )
    assert [[check.problems is None for check in proof.checks] for proof in (unbuilt, unread)] == [
        [False, False, *[True] * len(CHECKS)],
        [False, *[True] * (len(CHECKS) + 1)],
    ]
    assert unread.to_json()["checks"][0]["problems"][0]["code"] == "pack_not_toml"
