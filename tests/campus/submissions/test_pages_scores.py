"""What pages show of scores: provisional at once, final only after the close; choosing for the final score."""

from datetime import timedelta

import pytest
from django.test import Client

from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.people.models import Person
from campus.submissions.history import scores_of
from campus.submissions.measures import Measure, measures_of
from campus.submissions.models import FinalPick, Grading, Submission
from grader.contract import State
from grader.pack import Text
from tests.campus.cast import reschedule, signed_in
from tests.campus.submissions.files import csv_file, graded
from tests.campus.submissions.pages import address, text_of

pytestmark = pytest.mark.django_db


def shown(submission: Submission, step: Step, split: str) -> list[str]:
    """The scores as pages write them."""
    values = scores_of(submission, step=step, split=split)
    return [measure.show(values[measure.key]) for measure in measures_of(step.case_version)]


def everywhere(browser: Client, step: Step, submission: Submission) -> str:
    """All that the learner can read of the step."""
    paths = [
        address("hand_in", step),
        address("history", step),
        address("board", step),
        address("row", step, submission.pk),
        address("submission", step, submission.pk),
    ]
    answers = [browser.get(path) for path in paths] + [browser.get(address("final_board", step), follow=True)]
    assert [answer.status_code for answer in answers] == [200] * 6
    return "\n".join(answer.content.decode() for answer in answers)


def test_the_final_score_is_nowhere_before_the_close_and_everywhere_after(
    browser: Client, open_step: Step, submission: Submission
) -> None:
    public, private = shown(submission, open_step, "public"), shown(submission, open_step, "private")
    hidden = [text for text in private if text not in public]
    assert hidden
    before = everywhere(browser, open_step, submission)
    assert [text for text in public if text not in before] == []
    assert [text for text in hidden if text in before] == []
    raw = scores_of(submission, step=open_step, split="private")
    assert [value for value in raw.values() if str(value) in before] == []

    closed = reschedule(open_step, opens=timedelta(days=-5), closes=timedelta(seconds=-1))
    Submission.objects.update(created_at=closed.closes_at - timedelta(days=1))
    after = everywhere(browser, open_step, submission)
    assert [text for text in private if text not in after] == []


def test_staff_see_no_final_score_before_the_close_either(
    open_step: Step, submission: Submission, organiser: Person
) -> None:
    public, private = shown(submission, open_step, "public"), shown(submission, open_step, "private")
    page = signed_in(organiser).get(address("submission", open_step, submission.pk)).content.decode()
    assert [text for text in private if text not in public and text in page] == []
    assert "締切後に公開" in page


@pytest.mark.parametrize(
    ("value", "digits", "unit", "text"),
    [
        (0.47123, 4, None, "0.4712"),
        (-0.00001, 2, None, "0.00"),
        (670_000.4, 0, Text(ja="円", en="yen"), "¥670,000"),
        (-1_234.0, 0, Text(ja="円", en="yen"), "−¥1,234"),
        (1_250.0, -2, Text(ja="円", en="yen"), "¥1,200"),
        (12.5, 1, Text(ja="個", en="units"), "12.5 個"),
        (None, 1, None, "—"),
    ],
)
def test_a_score_is_written_as_the_case_says(value: float | None, digits: int, unit: Text | None, text: str) -> None:
    label = Text(ja="指標", en="measure")
    assert Measure(key="k", label=label, digits=digits, unit=unit, lower_is_better=True).show(value) == text


def test_the_chart_tells_the_own_scores_and_the_baselines(
    browser: Client, open_step: Step, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    own = [graded(open_step, enrolment, value=value) for value in (5.0, 500.0)]
    graded(open_step, mate_enrolment, value=8.0)
    figures = browser.get(address("history", open_step)).json()

    measure = measures_of(open_step.case_version)[0]
    first, second = [scores_of(one, step=open_step, split="public")[measure.key] for one in own]
    series = {one["name"]: one["values"] for one in figures["series"]}
    assert series["スコア"] == [round(first, measure.digits), round(second, measure.digits)]
    assert series["これまでの最良"] == [round(first, measure.digits)] * 2
    assert set(series) == {"スコア", "これまでの最良", "何も売れない", "過去の平均"}
    assert (len(figures["labels"]), "2件" in figures["summary"]) == (2, True)


def test_a_submissions_page_says_what_it_was_measured_with(
    browser: Client, open_step: Step, submission: Submission
) -> None:
    page = browser.get(address("submission", open_step, submission.pk)).content.decode()
    version = open_step.case_version
    recorded = [submission.file_digest, version.features_digest, version.truth_digest, version.metric_version]
    assert [digest for digest in recorded if digest not in page] == []
    assert "Hanako" in page


def test_the_file_comes_back_as_it_was_and_only_as_a_download(
    browser: Client, open_step: Step, submission: Submission
) -> None:
    answer = browser.get(address("file", open_step, submission.pk))
    assert b"".join(answer.streaming_content) == csv_file(open_step, value=7.0)
    assert answer["Content-Disposition"] == 'attachment; filename="mine.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_grading_that_failed_is_explained(browser: Client, open_step: Step, submission: Submission) -> None:
    problem = {"code": "grading_failed", "params": {}}
    Grading.objects.filter(submission=submission).update(state=State.FAILED, problems=[problem])
    for path in (address("hand_in", open_step), address("submission", open_step, submission.pk)):
        assert "この提出は1日の提出回数に数えません" in browser.get(path).content.decode()


# --- Choosing for the final score ---


def pick(browser: Client, step: Step, submission: Submission, *, wanted: bool, htmx: bool = True):
    headers = {"HX-Request": "true", "HX-Target": "history"} if htmx else {}
    data = {"pick": "yes" if wanted else "no"}
    return browser.post(address("pick", step, submission.pk), data, headers=headers)


def test_two_submissions_can_be_chosen_and_taken_back(browser: Client, open_step: Step, enrolment: Enrolment) -> None:
    own = [graded(open_step, enrolment, value=value) for value in (5.0, 6.0, 7.0)]

    answers = [pick(browser, open_step, one, wanted=True) for one in own]
    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert "最終選択はすでに2件あります" in text_of(answers[-1])
    assert answers[0].content.decode().count("選択中") == 1

    pick(browser, open_step, own[0], wanted=False)
    assert list(FinalPick.objects.values_list("submission", flat=True)) == [own[1].pk]


def test_without_javascript_the_choice_is_said_on_the_page(
    browser: Client, open_step: Step, submission: Submission
) -> None:
    answer = pick(browser, open_step, submission, wanted=True, htmx=False)
    assert (answer.status_code, answer["Location"]) == (302, address("hand_in", open_step))
    assert "最終選択を保存しました。" in browser.get(answer["Location"]).content.decode()


def test_after_the_close_the_choice_stands(browser: Client, open_step: Step, submission: Submission) -> None:
    reschedule(open_step, opens=timedelta(days=-5), closes=timedelta(seconds=-1))
    answer = pick(browser, open_step, submission, wanted=True)
    assert (answer.status_code, FinalPick.objects.count()) == (409, 0)
    assert address("pick", open_step, submission.pk) not in browser.get(address("hand_in", open_step)).content.decode()


def test_before_the_first_score_the_curve_says_when_it_begins(browser: Client, open_step: Step) -> None:
    figures = browser.get(address("history", open_step)).json()

    assert figures["labels"] == []
    assert figures["summary"] == "最初の暫定スコアが出ると、ここにグラフが表示されます。"
