"""What the mentor of the running cohort has done: a released review that was answered, a draft, phrases, and times for
consultations, of which one is booked. In the cohort that reviews each other's proposals, these wait for the mentor.
"""

from datetime import timedelta

from django.utils import timezone

from campus.cohorts.models import Cohort, Enrolment, Role
from campus.deliverables.models import Deliverable
from campus.demo.people import LEARNER, MENTOR
from campus.meetings.consultations.actions import Times, book, offer
from campus.meetings.models import Audience
from campus.mentoring import actions
from campus.mentoring.models import MentorReview, Phrase, Sampling
from campus.reviews.models import ReviewRound
from campus.reviews.rubrics import rubric_of
from campus.submissions.models import Owner

PERCENT = 40
PHRASES = [
    "結論を最初の1文に置くと、忙しい読み手にも伝わります。",
    "この数字の期間と対象の店舗を書き添えてください。",
    "うまくいかなかった場合に、誰が、いつ、どう戻すかを決めておきましょう。",
]
OWN_PHRASE = "よい着眼点です。次は、この仮説を確かめるデータを1つ選んでみてください。"
ADVICE = (
    "現場の困りごとから出発していて、読み手の社長に届く文章です。"
    "次は、廃棄と欠品のどちらを先に減らすかを、金額で比べて示してください。"
)
DRAFT = "目標の数字は明確です。達成できたと判断する時期も"
COMMENT = "この数字は、どの期間の、どの店舗のものですか。出典を1行添えると説得力が増します。"
ROOM = "https://meet.example.jp/megumi"
QUESTION = (
    "欠品した日の販売数をどう補正するかで迷っています。前後の週の平均で埋めてみましたが、特売の週に大きく外れます。"
)
ANSWER = "直近3か月の本店の数字です。次の版で書き添えます。ありがとうございます。"


def mentor_in(cohort: Cohort) -> None:
    """Let the mentor work for an evening; once."""
    if MentorReview.objects.filter(mentor__cohort=cohort).exists():
        return
    mentor = cohort.enrolments.select_related("person", "cohort").get(role=Role.MENTOR, person__email=MENTOR.email)
    works = Deliverable.objects.current().filter(step__cohort_case__cohort=cohort, team=None).with_step().with_owner()
    first = works.filter(enrolment__person__email=LEARNER.email).order_by("step__position").first()
    if first is None:
        return
    Sampling.objects.update_or_create(step=first.step, defaults={"percent": PERCENT})
    for text in PHRASES:
        Phrase.objects.create(cohort=cohort, text=text)
    Phrase.objects.create(cohort=cohort, text=OWN_PHRASE, owner=mentor.person)
    _judge(first, mentor)
    another = works.filter(step=first.step).exclude(pk=first.pk).order_by("pk").first()
    if another:
        typed = actions.Judgement(advice=DRAFT)
        actions.save_review(deliverable=another, mentor=mentor, judgement=typed)
    _consult(mentor, first.enrolment)


def show_judged_by_peers(cohort: Cohort) -> None:
    """Let every work that peers judge come before the mentor: of a dozen, the usual sample may be none."""
    for one in ReviewRound.objects.filter(step__cohort_case__cohort=cohort):
        Sampling.objects.get_or_create(step_id=one.judged_id, defaults={"percent": 100})


def _judge(work: Deliverable, mentor: Enrolment) -> None:
    """A review with a comment at the first paragraph, to which the learner has answered."""
    thread = actions.comment(deliverable=work, mentor=mentor, anchor="p-1", text=COMMENT)
    marks = {one.key: one.levels[len(one.levels) // 2].points for one in rubric_of(work.step)}
    judgement = actions.Judgement(marks, {}, ADVICE)
    actions.release(deliverable=work, mentor=mentor, judgement=judgement)
    actions.answer(thread=thread, text=ANSWER, author=work.enrolment.person)


def _consult(mentor: Enrolment, learner: Enrolment) -> None:
    """An hour each week in the evening; the learner has booked the first half of the next one."""
    evening = timezone.localtime().replace(hour=19, minute=0, second=0, microsecond=0) + timedelta(days=2)
    until = min(evening.date() + timedelta(weeks=4), mentor.cohort.ends_on)
    for minutes, audience in ((0, Audience.EVERYBODY), (30, Audience.TEAMS)):
        times = Times(evening + timedelta(minutes=minutes), 30, audience, ROOM, until=until)
        slot, *_later = offer(mentor=mentor, times=times)
        if audience == Audience.EVERYBODY:
            book(slot=slot, owner=Owner(enrolment=learner), question=QUESTION)
