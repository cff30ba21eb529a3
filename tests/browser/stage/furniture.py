"""Something on each page of a cohort: what a running one has, made by the actions of the site."""

import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone

from campus.announcements.actions import Text, send, write
from campus.cases.choosing import set_choice_rule
from campus.cases.extending import grant_extensions
from campus.cases.models import Step
from campus.cohorts.copying import parts
from campus.cohorts.models import Cohort
from campus.cohorts.running import CHANGEABLE, create_cohort
from campus.deliverables.actions import Work, hand_in
from campus.deliverables.models import Deliverable
from campus.demo import admission
from campus.demo.badges import issue, make_for_completing
from campus.discussion.actions import Heading, Writing, start_thread, write_post
from campus.discussion.places import place_of
from campus.grouping import evaluating, forming, speaking
from campus.grouping.models import Policy
from campus.intake.applications.selection import decide_many
from campus.intake.models import Application, Decision
from campus.meetings.actions import Plan, create, sign_up
from campus.meetings.consultations import actions as consultations
from campus.meetings.models import Audience
from campus.mentoring import actions as mentoring
from campus.mentoring.models import Phrase, Sampling
from campus.people.models import Person
from campus.questionnaires.building import create_questionnaire, publish
from campus.reviews import actions as reviews
from campus.reviews.assigning import assign
from campus.reviews.models import Assignment
from campus.reviews.practice import rubric_of_round, samples_of
from campus.reviews.rounds import round_of
from campus.submissions.models import Owner
from campus.teams.actions import form_team
from campus.teams.models import TeamKind
from tests.browser.stage.cohort import complete, somebody


def furnish(*, scene: dict[str, Any]) -> dict[str, Any]:
    """Put something on each page; return the scene with who and what has come."""
    cohort, language = Cohort.objects.get(slug=scene["cohort"]), scene["language"]
    persons = {part: Person.objects.get(email=email) for part, email in scene["people"].items()}
    persons |= {part: somebody(part, secrets.token_hex(3), language) for part in ("applicant", "waiting", "operator")}
    Person.objects.filter(pk=persons["operator"].pk).update(is_staff=True)
    _tell(cohort, persons)
    _let_talk(cohort, persons)
    _form_groups(cohort, persons)
    _take_applications(cohort, persons)
    _let_choose(persons)
    _let_review(cohort, persons)
    _award(cohort, persons)
    _let_mentor(cohort, persons)
    return scene | {
        "copy": _copy(cohort, persons["organiser"]),
        "people": {part: person.email for part, person in persons.items()},
        "names": {part: person.name for part, person in persons.items()},
        "choice": persons["outsider"].enrolments.get().cohort.slug,
    }


def _tell(cohort: Cohort, persons: dict[str, Person]) -> None:
    """An announcement, a study meeting with participants, an extension, a form to answer."""
    organiser = persons["organiser"]
    for author in (organiser, persons["facilitator"]):
        text = Text("勉強会のお知らせ", "A study meeting", "**金曜日**です。", "On **Friday**.")
        send(write(cohort=cohort, author=author, text=text), actor=author)
    tomorrow = timezone.now() + timedelta(days=1)
    for host, study_class in ((organiser, None), (persons["facilitator"], cohort.classes.get())):
        plan = Plan("需要予測の勉強会", "- 事例の共有", tomorrow, 60, study_class, 10, "https://meet.example/1")
        sign_up(create(cohort=cohort, host=host, plan=plan), person=persons["learner"])
    publish(
        questionnaire=create_questionnaire(cohort=cohort, blueprint_key="reflection", actor=organiser), actor=organiser
    )
    step = cohort.cases.get().steps.filter(kind="model").earliest("position")
    learner = cohort.enrolments.get(person=persons["mate"])
    closes_at = step.closes_at + timedelta(days=3)
    grant_extensions(step=step, enrolments=[learner], closes_at=closes_at, reason="出張のため", actor=organiser)


def _let_talk(cohort: Cohort, persons: dict[str, Person]) -> None:
    """A question with an answer, so that there is something to split."""
    place, heading, asked = place_of(cohort), Heading(title="欠品した日の扱い"), Writing("皆さんはどうしていますか。")
    thread = start_thread(place=place, author=persons["learner"], heading=heading, writing=asked)
    write_post(thread=thread, author=persons["mate"], writing=Writing("その日は除いて平均を取りました。"))


def _let_review(cohort: Cohort, persons: dict[str, Person]) -> None:
    """Peer review has begun: the mate has given her review of the learner's work, who has practised."""
    now = timezone.now()
    steps = Step.objects.with_case().filter(cohort_case__cohort=cohort)
    steps.filter(key__in=["proposal", "peer-review"]).update(opens_at=now - timedelta(hours=1))
    for part in ("learner", "mate"):
        work = Work(text="# 提案\n\n在庫コストを年170万円減らします。", ai_use="使っていません。")
        hand_in(step=steps.get(key="proposal"), enrolment=cohort.enrolments.get(person=persons[part]), work=work)
    found = round_of(steps.get(key="peer-review"))
    assert found
    assign(found)
    for part in ("learner", "mate"):
        share = reviews.join(round=found, enrolment=cohort.enrolments.get(person=persons[part]))
        for sample in samples_of(found):
            reviews.practise(share=share, sample=sample.key, marks=sample.known)
    rubric = rubric_of_round(found)
    given = Assignment.objects.with_all().get(share__round=found, share__enrolment__person=persons["mate"])
    written = reviews.Written(
        {c.key: 3 for c in rubric}, {c.key: "根拠が示されています。" for c in rubric}, "良い提案です。"
    )
    reviews.give(assignment=given, written=written)


def _award(cohort: Cohort, persons: dict[str, Person]) -> None:
    """A badge for completing the cohort, which the learner has done and holds."""
    complete(cohort, [persons["learner"].email])
    issue(make_for_completing(cohort, persons["organiser"]), persons["organiser"], chosen=None)


def _let_mentor(cohort: Cohort, persons: dict[str, Person]) -> None:
    """Every proposal comes before the mentor, who has commented the learner's."""
    step = Step.objects.get(cohort_case__cohort=cohort, key="proposal")
    Sampling.objects.create(step=step, percent=100)
    Phrase.objects.create(cohort=cohort, text="数字の出典を書き添えてください。")
    mentor = cohort.enrolments.get(person=persons["mentor"])
    learner = cohort.enrolments.get(person=persons["learner"])
    work = Deliverable.objects.with_step().get(step=step, enrolment=learner)
    mentoring.comment(deliverable=work, mentor=mentor, anchor="p-1", text="この数字の根拠は？")
    times = consultations.Times(
        timezone.now() + timedelta(days=2), 30, Audience.EVERYBODY, "https://meet.example/2", until=cohort.ends_on
    )
    first, *_later = consultations.offer(mentor=mentor, times=times)
    consultations.book(slot=first, owner=Owner(enrolment=learner), question="欠品した日の扱いで迷っています。")


def _take_applications(cohort: Cohort, persons: dict[str, Person]) -> None:
    """A call for applications with one who is selected and one who waits, neither told yet."""
    organiser = persons["organiser"]
    forms = [admission.make_form(cohort, key, organiser) for key in ("application", "prerequisite")]
    call = admission.open_call(cohort, organiser=organiser, places=5)
    for part, decision in (("applicant", Decision.SELECTED), ("waiting", Decision.WAITLISTED)):
        admission.let_apply(call, persons[part], *forms)
        one = Application.objects.get(enrolment__person=persons[part])
        decide_many(cohort=cohort, decision=decision, seen={one.pk: one.revision}, actor=organiser)


def _copy(cohort: Cohort, organiser: Person) -> str:
    """The cohort a year later, as the organiser would copy it."""
    year = timedelta(days=364)
    values = {name: getattr(cohort, name) for name in CHANGEABLE} | {"slug": f"{cohort.slug}-copy"}
    values |= {"starts_on": cohort.starts_on + year, "ends_on": cohort.ends_on + year}
    made = create_cohort(
        programme=cohort.programme,
        values=values,
        organisers=[organiser],
        actor=organiser,
        source=cohort,
        parts=[part.key for part in parts()],
    )
    return made.slug


def _form_groups(cohort: Cohort, persons: dict[str, Person]) -> None:
    """A project team with an evaluation, a draft of further teams, and somebody who looks for a study group."""
    learner, mate = (cohort.enrolments.get(person=persons[part]) for part in ("learner", "mate"))
    until = timezone.localdate() + timedelta(days=7)
    Policy.objects.create(cohort=cohort, kind=TeamKind.STUDY_GROUP, self_forming_until=until)
    speaking.signal(enrolment=mate, kind=TeamKind.STUDY_GROUP, topic="平日の夜に集まりませんか")
    plan = {"smallest": 2, "preferred": 2, "largest": 4}
    draft = forming.begin(cohort=cohort, kind=TeamKind.PROJECT, plan=plan, seed=1, actor=persons["organiser"])
    forming.work_out(draft.pk)
    form_team(cohort=cohort, kind=TeamKind.PROJECT, name="チーム1", members=[learner, mate], actor=None)
    closes_at = timezone.now() + timedelta(days=7)
    evaluating.open_evaluations(cohort=cohort, closes_at=closes_at, actor=persons["organiser"])


def _let_choose(persons: dict[str, Person]) -> None:
    """In the outsider's cohort everybody chooses a case."""
    case = persons["outsider"].enrolments.get().cohort.cases.get()
    until = timezone.now() + timedelta(days=7)
    set_choice_rule(cohort=case.cohort, cases_each=1, tracks=[case.case_version.track], until=until, actor=None)
