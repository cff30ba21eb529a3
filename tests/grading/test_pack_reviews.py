"""What a pack says of peer review: the step that is judged, and samples with known marks."""

import pytest

from grader.pack import PackError, load_pack
from grader.pack.steps import KnownMark
from tests.grading.tiny import CASE, write_case

STEPS = """[[steps]]
key = "pitch"
kind = "text"
by = "person"
title = { ja = "提案", en = "Pitch" }
text = { ja = "提案する", en = "Pitch" }
opens_day = 0
closes_day = 14

[[steps]]
key = "peers"
kind = "review"
by = "person"
title = { ja = "相互評価", en = "Peer review" }
text = { ja = "評価する", en = "Review" }
opens_day = 14
closes_day = 21
reviews = "pitch"
reviews_each = 2

[[review_samples]]
key = "thin"
step = "pitch"
text = { ja = "story.ja.md", en = "story.en.md" }
marks = [{ criterion = "impact", points = 1, because = { ja = "金額がない", en = "No yen" } }]

[[rubric]]
"""
REVIEWED = CASE.replace("[[rubric]]\n", STEPS).replace('steps = ["model"]', 'steps = ["model", "pitch"]')


def problems_of(tmp_path, *change: str):
    assert change[0] in REVIEWED
    with pytest.raises(PackError) as error:
        load_pack(write_case(tmp_path, case=REVIEWED.replace(*change)))
    return [(one.code, one.params.get("field"), one.params.get("value")) for one in error.value.problems]


def test_a_review_step_names_what_it_judges_and_the_samples_come_with_their_marks(tmp_path):
    pack = load_pack(write_case(tmp_path, case=REVIEWED))

    assert (pack.steps[2].reviews, pack.steps[2].reviews_each) == ("pitch", 2)
    (sample,) = pack.review_samples
    assert (sample.key, sample.step, sample.text.en) == ("thin", "pitch", "story.en.md")
    assert isinstance(sample.marks[0], KnownMark)
    assert (sample.marks[0].criterion, sample.marks[0].points, sample.marks[0].because.en) == ("impact", 1, "No yen")


def test_without_a_word_about_it_three_reviews_are_usual(pack):
    assert (pack.steps[0].reviews, pack.steps[0].reviews_each, pack.review_samples) == ("", 3, ())


FAULTS = {
    "judges no step": (('reviews = "pitch"', 'reviews = "away"'), ("pack_reference", "steps.peers.reviews", "away")),
    "judges what the grader scores": (
        ('reviews = "pitch"', 'reviews = "model"'),
        ("pack_reference", "steps.peers.reviews", "model"),
    ),
    "another kind that judges": (
        ('key = "pitch"\nkind = "text"', 'key = "pitch"\nkind = "text"\nreviews = "pitch"'),
        ("pack_value", "steps.pitch.reviews", "pitch"),
    ),
    "no such criterion": (
        ('criterion = "impact"', 'criterion = "style"'),
        ("pack_reference", "review_samples.thin.marks.criterion", "style"),
    ),
    "no such level": (
        ("points = 1, because", "points = 2, because"),
        ("pack_value", "review_samples.thin.marks.impact.points", "2"),
    ),
    "text away": (
        ('text = { ja = "story.ja.md", en = "story.en.md" }', 'text = { ja = "story.ja.md", en = "away.md" }'),
        ("pack_file_missing", "review_samples.thin.text.en = away.md", None),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_by_field_and_value(name, tmp_path):
    change, expected = FAULTS[name]

    assert expected in problems_of(tmp_path, *change)
