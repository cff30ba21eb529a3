"""A rescoring measures what is kept, once, and changes the boards in one step or not at all."""

from pathlib import Path

import pytest
from django.db import IntegrityError
from procrastinate.contrib.django.models import ProcrastinateJob

from campus import live
from campus.cases.actions import install_case
from campus.cases.models import CaseVersion, CohortCase, Step
from campus.cohorts.models import AuditEntry, Enrolment, EnrolmentState
from campus.live.models import Event
from campus.notices.models import Mail, Notice
from campus.people.models import Person
from campus.rescoring import measuring
from campus.rescoring.actions import begin, drop, switch
from campus.rescoring.models import Rescoring, RescoringState, ShadowStanding
from campus.rescoring.refusals import AlreadyOpen, CaseHasMoved, DoesNotFit, NotReady, StillMeasuring
from campus.rescoring.tasks import resume
from campus.submissions import grading
from campus.submissions.actions import pick_final
from campus.submissions.models import Grading, Score, Standing, Submission
from grader.checks import check_pack
from tests.campus.cast import signed_in
from tests.campus.rescoring.conftest import mended_pack, run_jobs
from tests.campus.submissions.files import graded, handed_in
from tests.campus.submissions.pages import text_of

pytestmark = pytest.mark.django_db


def board(step: Step) -> list[str]:
    """The names on the provisional board, top down."""
    order = ["public_primary", "public_secondary", "public_at"]
    return [one.shown_name for one in Standing.objects.filter(step=step).order_by(*order)]


def forget_jobs() -> None:
    ProcrastinateJob.objects.all()._raw_delete("default")


def test_the_shadow_board_tells_what_would_change_for_whom(ready: Rescoring, work: list[Submission]) -> None:
    assert (ready.state, ready.total, ready.done) == (RescoringState.READY, 3, 3)
    lines = {
        line.shown_name: (line.public_place_before, line.public_place, line.is_changed)
        for line in ShadowStanding.objects.all()
    }
    assert lines == {"Hanako": (1, 2, True), "Taro": (2, 1, True)}


def test_nothing_changes_before_the_switch(ready: Rescoring, open_step: Step, case_version: CaseVersion) -> None:
    assert board(open_step) == ["Hanako", "Taro"]
    assert CohortCase.objects.get().case_version == case_version
    assert not Event.objects.filter(kind="rescored").exists()


def test_the_switch_changes_scores_places_and_version_in_one_step(
    ready: Rescoring, open_step: Step, mended: CaseVersion, organiser: Person
) -> None:
    shadow = {line.shown_name: line.public_values for line in ShadowStanding.objects.all()}

    switch(ready, actor=organiser)

    assert CohortCase.objects.get().case_version == mended
    assert board(open_step) == ["Taro", "Hanako"]
    assert {one.shown_name: one.public_values for one in Standing.objects.all()} == shadow
    ready.refresh_from_db()
    assert (ready.state, ready.ended_by) == (RescoringState.SWITCHED, organiser)
    entry = AuditEntry.objects.get(action="rescoring.switched")
    assert entry.details == {"case": "daily-sales", "before": "1.0.0", "after": "1.1.0", "changed": 2}


def test_scores_measured_anew_equal_those_of_a_fresh_grading(
    ready: Rescoring, open_step: Step, work: list[Submission], organiser: Person, mended: CaseVersion
) -> None:
    switch(ready, actor=organiser)
    anew = {
        (one.prediction_id, one.split): (one.values, one.sort_primary, one.sort_secondary, one.versions)
        for one in Score.objects.filter(truth_version=mended.truth_digest)
    }

    Score.objects.filter(truth_version=mended.truth_digest).delete()
    for submission in work:
        Grading.objects.filter(pk=submission.grading.pk).update(state="queued")
        grading.attempt(submission.grading.pk)

    afresh = Score.objects.filter(truth_version=mended.truth_digest)
    assert {
        (one.prediction_id, one.split): (one.values, one.sort_primary, one.sort_secondary, one.versions)
        for one in afresh
    } == anew


def test_those_concerned_are_told_once(
    ready: Rescoring, organiser: Person, enrolment: Enrolment, mate_enrolment: Enrolment
) -> None:
    switch(ready, actor=organiser)
    run_jobs()
    resume()
    run_jobs()

    notices = Notice.objects.filter(kind="rescoring.switched")
    assert {notice.person_id: notice.context["reason"] for notice in notices} == {
        enrolment.person_id: "パンの正解を直しました。",
        mate_enrolment.person_id: "パンの正解を直しました。",
    }
    told = Event.objects.filter(kind="rescored").values_list("stream__key", flat=True)
    assert sorted(told) == sorted([f"enrolment:{enrolment.pk}", f"enrolment:{mate_enrolment.pk}"])


def test_dropping_leaves_everything_and_keeps_the_measured_scores(
    ready: Rescoring, open_step: Step, mended: CaseVersion, organiser: Person
) -> None:
    drop(ready, actor=organiser)

    assert board(open_step) == ["Hanako", "Taro"]
    assert not ShadowStanding.objects.exists()
    assert AuditEntry.objects.filter(action="rescoring.dropped").count() == 1
    again = begin(case=CohortCase.objects.get(), to_version=mended, reason="again", actor=organiser)
    assert again.total == 0


def test_what_is_handed_in_meanwhile_is_measured_too(
    ready: Rescoring, open_step: Step, mate_enrolment: Enrolment, organiser: Person, mended: CaseVersion
) -> None:
    late = graded(open_step, mate_enrolment, value=62.0)

    switch(ready, actor=organiser)

    assert late.grading.prediction is not None
    assert late.grading.prediction.scores.filter(truth_version=mended.truth_digest).count() == 2
    assert Standing.objects.get(enrolment=mate_enrolment).scored_count == 2


def test_much_that_came_meanwhile_is_measured_in_the_background_first(
    ready: Rescoring, open_step: Step, mate_enrolment: Enrolment, organiser: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campus.rescoring.actions.MEASURED_ON_THE_SPOT", 0)
    graded(open_step, mate_enrolment, value=62.0)

    with pytest.raises(StillMeasuring):
        switch(ready, actor=organiser)

    ready.refresh_from_db()
    assert (ready.state, ready.done, ready.total) == (RescoringState.MEASURING, 0, 1)
    run_jobs()
    ready.refresh_from_db()
    switch(ready, actor=organiser)


def test_a_grading_under_way_is_measured_once_more_by_the_new_version(
    ready: Rescoring, open_step: Step, enrolment: Enrolment, organiser: Person, mended: CaseVersion
) -> None:
    row = handed_in(open_step, enrolment, value=40.0).grading
    turn = grading.take(row.pk)
    assert turn is not None
    by_the_old_one = grading.measure(turn.grading)
    switch(ready, actor=organiser)

    with pytest.raises(grading.VersionMoved):
        grading.record(turn, by_the_old_one)

    Grading.objects.filter(pk=row.pk).update(state="queued")
    grading.attempt(row.pk)
    row.refresh_from_db()
    assert row.state == "scored"
    assert set(row.prediction.scores.values_list("truth_version", flat=True)) == {mended.truth_digest}  # type: ignore[union-attr]


def test_final_picks_are_kept_and_judged_by_the_new_scores(
    ready: Rescoring, work: list[Submission], enrolment: Enrolment, organiser: Person
) -> None:
    pick_final(submission=work[1], by=enrolment)

    switch(ready, actor=organiser)

    assert Standing.objects.get(enrolment=enrolment).private_submission == work[1]


def test_whoever_left_stands_on_neither_board(
    open_cohort_case: CohortCase, work: list[Submission], mended: CaseVersion, mate: Person
) -> None:
    Enrolment.objects.filter(person=mate).update(state=EnrolmentState.WITHDRAWN)
    begin(case=open_cohort_case, to_version=mended, reason="-", actor=None)
    run_jobs()

    assert [(one.shown_name, one.public_place) for one in ShadowStanding.objects.all()] == [("Hanako", 1)]


# --- What goes wrong ---


def test_lost_jobs_are_queued_anew_and_nothing_is_measured_twice(
    open_cohort_case: CohortCase, work: list[Submission], mended: CaseVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "SLICE", 1)
    begun = begin(case=open_cohort_case, to_version=mended, reason="-", actor=None)
    measuring.measure_slice(begun, lane=work[0].grading.prediction_id % 2, after=0)  # type: ignore[operator]
    forget_jobs()

    resume()
    assert ProcrastinateJob.objects.filter(status="todo").count() == measuring.LANES
    resume()
    assert ProcrastinateJob.objects.filter(status="todo").count() == measuring.LANES
    run_jobs()

    begun.refresh_from_db()
    assert (begun.state, begun.done) == (RescoringState.READY, 3)
    assert Score.objects.filter(truth_version=mended.truth_digest).count() == 6


def test_a_slice_done_twice_counts_once(
    open_cohort_case: CohortCase, work: list[Submission], mended: CaseVersion
) -> None:
    begun = begin(case=open_cohort_case, to_version=mended, reason="-", actor=None)
    measured = measuring._measured(measuring.owed(begun), version=mended)
    for _ in range(2):
        with live.atomic():
            measuring._keep(begun, measured)

    begun.refresh_from_db()
    assert (begun.done, Score.objects.filter(truth_version=mended.truth_digest).count()) == (3, 6)


def test_a_lost_file_ends_it_in_words_and_changes_nothing(
    open_cohort_case: CohortCase, work: list[Submission], mended: CaseVersion, organiser: Person
) -> None:
    prediction = work[0].grading.prediction
    assert prediction is not None
    prediction.array.storage.delete(prediction.array.name)
    begun = begin(case=open_cohort_case, to_version=mended, reason="-", actor=organiser)
    run_jobs()

    begun.refresh_from_db()
    assert begun.state == RescoringState.BROKEN
    assert f"prediction {prediction.pk}" in begun.problem
    with pytest.raises(NotReady):
        switch(begun, actor=organiser)
    drop(begun, actor=organiser)


def test_a_version_with_other_data_or_columns_does_not_fit(
    open_cohort_case: CohortCase, tmp_path: Path, organiser: Person
) -> None:
    pack = mended_pack(tmp_path, version="2.0.0")
    generator = pack / "generate.py"
    generator.write_text(generator.read_text().replace("[[*key, 0, sales[key]]", "[[*key, 1, sales[key]]"))
    check_pack(pack, recording=True)
    other = install_case(source=pack, actor=None)

    with pytest.raises(DoesNotFit):
        begin(case=open_cohort_case, to_version=other, reason="-", actor=organiser)
    with pytest.raises(DoesNotFit):
        begin(case=open_cohort_case, to_version=open_cohort_case.case_version, reason="-", actor=organiser)


def test_one_rescoring_of_a_case_at_a_time(ready: Rescoring, mended: CaseVersion, organiser: Person) -> None:
    with pytest.raises(AlreadyOpen):
        begin(case=CohortCase.objects.get(), to_version=mended, reason="-", actor=organiser)
    with pytest.raises(IntegrityError):
        Rescoring.objects.create(case=ready.case, from_version=ready.from_version, to_version=mended, reason="-")


def test_a_decision_is_taken_once(ready: Rescoring, organiser: Person) -> None:
    switch(ready, actor=organiser)
    for decide in (switch, drop):
        with pytest.raises(NotReady):
            decide(ready, actor=organiser)
    assert AuditEntry.objects.filter(action="rescoring.switched").count() == 1


def test_a_case_that_moved_meanwhile_is_not_switched(
    ready: Rescoring, mended: CaseVersion, organiser: Person, case_version: CaseVersion
) -> None:
    CohortCase.objects.update(case_version=mended)
    with pytest.raises(CaseHasMoved):
        switch(ready, actor=organiser)
    ready.refresh_from_db()
    assert ready.state == RescoringState.READY


def test_the_notice_says_why_in_the_readers_language(ready: Rescoring, organiser: Person, learner: Person) -> None:
    switch(ready, actor=organiser)
    run_jobs()

    page = signed_in(learner).get("/notices/")
    assert "スコアが再計算されました" in text_of(page)
    assert Mail.objects.filter(kind="rescoring.switched").count() == 2
