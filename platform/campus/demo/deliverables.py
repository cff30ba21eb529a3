"""Texts, slides and notebooks that the demo's learners handed in, each in the own way."""

import json
import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from campus.cases.models import Step, StepKind
from campus.cohorts.models import Cohort, Enrolment
from campus.deliverables import showing
from campus.deliverables.exhibits import show
from campus.deliverables.files import check_and_store
from campus.deliverables.models import Deliverable, DeliverableFile, DeliverableLink, Exhibit
from campus.demo.slides import Slide, slides_as_pdf
from campus.demo.ways import Way, way_of
from campus.submissions.board import ranked

# So many learners hand in files too; the others' texts are enough to fill lists.
WITH_FILES = 6
AI_USE = [
    "文章の下書きに ChatGPT を使いました。数字は、自分で表を集計して確かめました。",
    "pandas の書き方を生成AIに聞きました。結果は手計算の値と比べています。",
    "使っていません。",
    "要点の整理に使いました。会社の事情に合わない提案は採用していません。",
]
PROBLEMS = [
    "廃棄は月に約{waste}万円、欠品は週に{missing}回ほど起きています。困っているのは、閉店前に値引きの判断をする店長です。",
    "特売の翌日に売れ残りが集中しています。廃棄の{share}%は、特売のあとの2日間に出ています。",
    "発注は店長の経験に頼っていて、店ごとに廃棄率が{low}%から{high}%まで違います。",
]
GOALS = [
    "廃棄を3か月で{goal}%減らし、欠品は今より増やさないこと。",
    "1店あたりの廃棄額を、月{yen}万円まで下げること。",
]
CHECKS = [
    "最後の8週間を本番に見立て、1週間ずつずらして4回確かめます。",
    "去年の同じ時期を検証に使い、特売のある週とない週を分けて評価します。",
]


def hand_in_texts(cohort: Cohort, learners: Iterable[Enrolment], *, now: datetime) -> None:
    """Let the learners hand in the steps that people judge and that have opened; once for each step."""
    texts = Step.objects.with_case().filter(cohort_case__cohort=cohort, kind=StepKind.TEXT, by="person")
    learners = list(learners)
    for step in texts.filter(opens_at__lt=now, deliverables=None).order_by("position"):
        made = [one for number, learner in enumerate(learners) if (one := _made(step, learner, number, now=now))]
        for deliverable in Deliverable.objects.bulk_create(made):
            number = learners.index(deliverable.enrolment)
            if number < WITH_FILES:
                _add_files(deliverable, number)


def _made(step: Step, learner: Enrolment, number: int, *, now: datetime) -> Deliverable | None:
    """What the learner handed in; nothing of those who never came, of who left only the first text."""
    way, drawn = way_of(learner.person.email), random.Random(f"{learner.person.email}:{step.key}")
    if way == Way.NEVER or (way in {Way.PAUSED, Way.WITHDRAWN} and step.position > 1):
        return None
    if not step.is_closed(now) and drawn.random() < 0.7:
        return None
    at = step.opens_at + (min(step.closes_at, now) - step.opens_at) * drawn.uniform(0.3, 0.99)
    if way == Way.TARDY and step.is_closed(now):
        at = min(step.closes_at + timedelta(days=drawn.uniform(0.1, 2)), now)
    return Deliverable(
        step=step,
        enrolment=learner,
        number=1,
        text=_text(drawn),
        ai_use=AI_USE[number % len(AI_USE)],
        handed_in_at=at,
        is_late=at >= step.closes_at,
    )


def _text(drawn: random.Random) -> str:
    figures = {
        "waste": drawn.randint(40, 90),
        "missing": drawn.randint(2, 6),
        "share": drawn.randint(35, 60),
        "low": drawn.randint(3, 5),
        "high": drawn.randint(9, 14),
        "goal": drawn.choice([15, 20, 25, 30]),
        "yen": drawn.randint(20, 45),
    }
    problem, goal, check = drawn.choice(PROBLEMS), drawn.choice(GOALS), drawn.choice(CHECKS)
    return (
        f"## いま起きていること\n\n{problem.format(**figures)}\n\n"
        f"## 目標（KPI）\n\n{goal.format(**figures)}\n\n"
        f"## 確かめ方\n\n{check}\n\n"
        "| 前提 | 値 |\n|---|---:|\n"
        f"| 対象の店舗 | 4店 |\n| 廃棄額（月） | {figures['waste']}万円 |\n| 目標 | {figures['goal']}%減 |\n"
    )


def _add_files(deliverable: Deliverable, number: int) -> None:
    drawn = random.Random(f"{deliverable.enrolment.person.email}:{deliverable.step.key}:files")
    uploads = [("提案資料.pdf", _slides(drawn))]
    uploads += [("分析.ipynb", _notebook(drawn))] if number % 2 == 0 else []
    uploads += [("廃棄の内訳.csv", _table(drawn))] if number % 3 == 0 else []
    stored = [check_and_store(SimpleUploadedFile(name, data)) for name, data in uploads]
    files = DeliverableFile.objects.bulk_create(
        DeliverableFile(
            deliverable=deliverable, position=position, name=one.name, kind=one.kind, digest=one.digest, size=one.size
        )
        for position, one in enumerate(stored, start=1)
    )
    showing.prepare(files)
    if number == 0:
        DeliverableLink.objects.create(
            deliverable=deliverable, position=1, url="https://www.maff.go.jp/", label="食品ロスの統計（農林水産省）"
        )


WRITE_UPS = [
    "効いたのは、**欠品した日の販売数を需要と見なさない**ことでした。欠品の日を除いて曜日ごとの平均を取り直したら、"
    "WAPEが大きく下がりました。\n\n次は、特売の翌日の売れ残りを補正してみたいです。",
    "予測の精度より、補充目標の決め方のほうが費用に効きました。上位の分位点を、廃棄と欠品の費用の比から決めています。",
    "最初は特徴量を増やしすぎて、検証では良いのに本番で外れました。**時系列で検証**し直してから安定しました。",
]


def show_best(step: Step) -> None:
    """Let some of the first places of the board tell the cohort how they worked."""
    if Exhibit.objects.filter(step=step).exists():
        return
    for standing, write_up in zip(ranked(step=step, split="private"), WRITE_UPS, strict=False):
        if standing.enrolment:
            show(step=step, enrolment=standing.enrolment, write_up=write_up)


def _slides(drawn: random.Random) -> bytes:
    saved = drawn.randint(15, 35)
    shares = [(f"{day}曜日", drawn.uniform(0.3, 1)) for day in "月火水木金土日"]
    return slides_as_pdf(
        [
            Slide(
                f"廃棄を{saved}%減らす発注の提案",
                [
                    f"いくら減る？ 年間で約{saved * 4}万円（幅は±{saved}万円）",
                    "前提：特売の予定が前の週に分かること",
                    "店長の手間：1日5分",
                ],
            ),
            Slide("いま：曜日ごとの廃棄", bars=shares),
            Slide(
                "進め方と次の一歩",
                ["1週目：2店で試す", "2週目：予測と実績を比べる", "うまくいかないとき：前の週の平均に戻す"],
                [("いま", 1.0), ("提案", 1 - saved / 100)],
            ),
        ]
    )


def _notebook(drawn: random.Random) -> bytes:
    means = [round(drawn.uniform(5, 20), 1) for _ in range(3)]
    table = "店舗     廃棄（個/日）\n" + "\n".join(f"S{n}      {mean}" for n, mean in enumerate(means, start=1))
    code = 'sales = pd.read_csv("sales.csv")\nsales.groupby("店舗")["廃棄"].mean().round(1)'
    cells = [
        {"cell_type": "markdown", "source": "# 廃棄の分析\n\n店舗ごとの平均を見ます。"},
        {
            "cell_type": "code",
            "source": code,
            "execution_count": 1,
            "metadata": {},
            "outputs": [{"output_type": "execute_result", "data": {"text/plain": table}}],
        },
        {"cell_type": "markdown", "source": f"**最大の差は{max(means) - min(means):.1f}個**です。"},
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def _table(drawn: random.Random) -> bytes:
    rows = [f"{day},S{store},{drawn.randint(0, 30)}" for day in range(1, 15) for store in (1, 2)]
    return "\n".join(["日,店舗,廃棄", *rows, ""]).encode("utf-8-sig")
