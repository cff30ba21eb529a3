"""Plausible work: each learner starts near the weakest baseline and gets better, some faster than others."""

import csv
import io
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from campus.cases.models import CaseVersion, Step
from campus.cohorts.models import Enrolment
from campus.demo.ways import Way, way_of
from campus.submissions import grading
from campus.submissions.actions import Upload, hand_in
from campus.submissions.models import Grading, Submission
from grader.csvfile import read_predictions

NOTES = [
    "まずはサンプルのまま提出",
    "直近28日の平均",
    "曜日ごとの平均に変更",
    "特売フラグを特徴量に追加",
    "気温と祝日を追加",
    "欠品日の需要を補正",
    "LightGBM から HistGradientBoosting に変更",
    "時系列で検証し直し",
    "補充目標をシミュレーションで調整",
    "店舗ごとに学習",
    "",
    "",
]


@dataclass(frozen=True)
class Material:
    """The baselines of a case as arrays, from the weakest to the strongest on the public split."""

    header: list[str]
    ids: list[str]
    ladder: list[NDArray[np.float64]]
    lows: list[float]
    whole: list[bool]


def material_of(version: CaseVersion) -> Material:
    """Read the case's baselines, which every later hand-in is blended from."""
    pack, build = version.pack(), version.build()
    order = sorted(version.baselines, key=lambda one: pack.scoring.sort_key(one["public"]), reverse=True)
    files = [build.baseline(one["key"]).read_bytes() for one in order]
    columns = pack.submission.columns
    return Material(
        header=[pack.submission.id.name, *(column.name for column in columns)],
        ids=list(build.ids.values),
        ladder=[read_predictions(file, pack=pack, ids=build.ids).values for file in files],
        lows=[column.min if column.min is not None else -np.inf for column in columns],
        whole=[column.integer for column in columns],
    )


def attempt_file(material: Material, *, progress: float, drawn: random.Random) -> bytes:
    """A hand-in at ``progress`` (0 weakest … 1 strongest baseline), blurred by the learner's own mistakes."""
    noise = np.random.default_rng(drawn.getrandbits(64))
    place = min(max(progress, 0.0), 1.0) * (len(material.ladder) - 1)
    below = min(int(place), len(material.ladder) - 2)
    share = place - below
    values = material.ladder[below] * (1 - share) + material.ladder[below + 1] * share
    values = values * noise.lognormal(0, 0.05 + 0.25 * (1 - progress), values.shape)
    # Everybody's stock target is a little too high or too low in a way of their own.
    values *= drawn.uniform(0.92, 1.06)
    values = np.maximum(values, material.lows)
    columns = [np.rint(values[:, i]) if whole else np.round(values[:, i], 3) for i, whole in enumerate(material.whole)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(material.header)
    writer.writerows(zip(material.ids, *(column.tolist() for column in columns), strict=True))
    return out.getvalue().encode()


@dataclass(frozen=True)
class Try:
    """When a hand-in comes, and how good it is: 0 like the weakest baseline, 1 like the strongest."""

    moment: datetime
    progress: float


def live_a_week(*, enrolment: Enrolment, step: Step, material: Material, until: datetime) -> None:
    """Let the learner hand in over the seven days before ``until``, graded for real, unless that is done."""
    way = way_of(enrolment.person.email)
    if not way.hands_in or Submission.objects.filter(enrolment=enrolment, step=step).exists():
        return
    drawn = random.Random(f"{enrolment.person.email}:{step.key}")
    tries = _flat(until, drawn) if way == Way.FLAT else _rising(until, drawn)
    for number, one in enumerate(tries, start=1):
        file = attempt_file(material, progress=one.progress, drawn=drawn)
        submission = hand_in(
            step=step,
            enrolment=enrolment,
            upload=Upload(name=f"submission_{number}.csv", data=file),
            note=drawn.choice(NOTES),
        )
        _as_if_at(submission, one.moment)
        grading.attempt(submission.grading.pk)


def _rising(until: datetime, drawn: random.Random) -> list[Try]:
    """None to seven tries, the later the better."""
    talent = drawn.betavariate(2.2, 1.8)
    count = drawn.choices([0, 1, 2, 3, 4, 5, 6, 7], weights=[12, 10, 14, 18, 16, 12, 10, 8])[0]
    moments = sorted(until - timedelta(seconds=drawn.uniform(600, 7 * 86400)) for _ in range(count))
    return [
        Try(moment, talent * (0.35 + 0.65 * number / count) + drawn.gauss(0, 0.05))
        for number, moment in enumerate(moments, start=1)
    ]


def _flat(until: datetime, drawn: random.Random) -> list[Try]:
    """A good start, and from then on nothing better."""
    first = until - timedelta(days=drawn.uniform(5, 6.5))
    later = sorted(until - timedelta(days=drawn.uniform(0.1, 4)) for _ in range(drawn.randint(4, 6)))
    return [Try(first, 0.75), *(Try(moment, drawn.uniform(0.1, 0.4)) for moment in later)]


def _as_if_at(submission: Submission, moment: datetime) -> None:
    """Put the hand-in into the past, before it is graded, so that its place on the board is of that time."""
    Submission.objects.filter(pk=submission.pk).update(created_at=moment)
    Grading.objects.filter(submission=submission).update(queued_at=moment)
