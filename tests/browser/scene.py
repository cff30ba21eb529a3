"""Sets the scene of a browser test in the running site's database: a cohort of its own, with people and a case.

Runs as a process with the site's settings; a request per line comes in as JSON, an answer goes out.
"""

import json
import os
import secrets
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from tests.stack import ROOT, RunningSite

PASSWORD = "correct-horse-battery"
ROLES = ("learner", "mate", "facilitator", "mentor", "organiser")


@dataclass(frozen=True)
class Scene:
    """A cohort in which everybody reads one language; `people` are e-mail addresses by part, `outsider` and
    `newcomer` (chosen, has not begun) among them."""

    language: str
    cohort: str
    title: str
    case: str
    case_title: str
    step: str
    step_title: str
    people: dict[str, str]
    names: dict[str, str]
    folder: str
    choice: str = ""  # Once furnished: a cohort in which the outsider chooses a case,
    copy: str = ""  # and a copy of the cohort, where nobody is yet.

    def path(self, page: str = "") -> str:
        """Address of a page of the graded step."""
        return f"/cohorts/{self.cohort}/cases/{self.case}/{self.step}/{page}"


class Stagehand:
    """The process that sets scenes; give it back by `leave()`."""

    def __init__(self, site: RunningSite) -> None:
        self._url = site.url
        self._furnished: dict[str, Scene] = {}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.scene"],
            cwd=ROOT,
            env=site.environment | {"LOG_LEVEL": "ERROR"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _ask(self, **request: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(request), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def set_scene(self, language: str) -> Scene:
        """Make a cohort whose graded step is open."""
        return Scene(**self._ask(do="set_scene", language=language))

    def close_step(self, scene: Scene) -> None:
        """Let the deadline of the graded step pass."""
        self._ask(do="close_step", cohort=scene.cohort, step=scene.step)

    def open_step(self, scene: Scene, key: str) -> None:
        """Let a step of the case be open for three more days."""
        self._ask(do="open_step", cohort=scene.cohort, step=key)

    def publish_application_form(self, scene: Scene) -> None:
        """Give the cohort a form for applicants with one question."""
        self._ask(do="publish_application_form", cohort=scene.cohort)

    def furnish(self, scene: Scene) -> Scene:
        """Give the cohort an announcement, a study meeting, a form, applicants and a choice of cases; the scene gets
        an `applicant` and an `operator`, and the outsider a choice of cases to make."""
        return Scene(**self._ask(do="furnish", scene=asdict(scene)))

    def furnished(self, language: str) -> Scene:
        """One such scene for each language, for tests that only look at pages."""
        if language not in self._furnished:
            self._furnished[language] = self.furnish(self.set_scene(language))
        return self._furnished[language]

    def session_of(self, email: str) -> dict[str, str]:
        """The cookie of somebody who has signed in."""
        return self._ask(do="session_of", email=email) | {"url": self._url}

    def crawl(self, **wishes: Any) -> dict[str, Any]:
        """What `crawling.crawl` finds."""
        return self._ask(do="crawl", **wishes)

    def let_complete(self, scene: Scene, *, parts: list[str]) -> None:
        """Let these have completed the cohort, which has a badge for that; nobody has it yet."""
        self._ask(do="let_complete", scene=asdict(scene), parts=parts)

    def leave(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)


# --- In the process with the site's settings ---


def set_scene(*, language: str) -> dict[str, Any]:
    from django.utils import timezone, translation

    from campus.cases.actions import adopt_case
    from campus.cases.models import CaseVersion, Step
    from campus.cohorts.models import Role, StudyClass
    from campus.demo.cohorts import invite, let_agree, model_step_days
    from tests.campus.cast import enrol, make_cohort

    translation.activate(language)
    key = secrets.token_hex(3)
    cohort, elsewhere = make_cohort(f"play-{key}"), make_cohort(f"elsewhere-{key}")
    version = CaseVersion.objects.get(slug="demand-forecasting")
    starts_at = timezone.now() - timedelta(days=model_step_days(version)[0] + 2)
    for one in (cohort, elsewhere):
        adopt_case(cohort=one, case_version=version, starts_at=starts_at, actor=None)
    study_class = StudyClass.objects.create(cohort=cohort, name="A")
    people = {part: _person(part, key, language) for part in (*ROLES, "outsider", "newcomer")}
    enrol(people["outsider"], elsewhere)
    for part in ROLES:
        role = Role.LEARNER if part in {"learner", "mate"} else Role(part)
        in_class = {"study_class": study_class} if role == Role.LEARNER else {}
        enrolment = enrol(people[part], cohort, role, **in_class)
        if role == Role.FACILITATOR:
            study_class.facilitators.add(enrolment)
    let_agree(cohort, organiser=people["organiser"])
    invite(people["newcomer"], cohort)
    step = Step.objects.with_case().filter(cohort_case__cohort=cohort, kind="model").earliest("position")
    scene = Scene(
        language=language,
        cohort=cohort.slug,
        title=cohort.title,
        case=step.cohort_case.slug,
        case_title=version.title,
        step=step.key,
        step_title=step.title,
        people={part: person.email for part, person in people.items()},
        names={part: person.name for part, person in people.items()},
        folder=str(version.path),
    )
    return asdict(scene)


_NAMES = {
    "learner": "花子",
    "mate": "太郎",
    "facilitator": "史恵",
    "mentor": "恵",
    "organiser": "修",
    "outsider": "陽子",
    "newcomer": "新",
    "applicant": "望",
    "waiting": "待子",
    "operator": "守",
}
_hash = ""


def _person(part: str, key: str, language: str) -> Any:
    """A person with a verified address and PASSWORD, hashed once for all."""
    global _hash
    from django.contrib.auth.hashers import make_password

    from campus.people.models import Person

    _hash = _hash or make_password(PASSWORD)
    person = Person.objects.create(
        email=f"{part}-{key}@example.org", name=f"{_NAMES[part]} {key}", language=language, password=_hash
    )
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    return person


def close_step(*, cohort: str, step: str) -> dict[str, Any]:
    from django.utils import timezone

    from campus.cases.models import Step

    Step.objects.filter(cohort_case__cohort__slug=cohort, key=step).update(closes_at=timezone.now())
    return {}


def open_step(*, cohort: str, step: str) -> dict[str, Any]:
    from django.utils import timezone

    from campus.cases.models import Step

    until = timezone.now() + timedelta(days=3)
    Step.objects.filter(cohort_case__cohort__slug=cohort, key=step).update(closes_at=until)
    return {}


def publish_application_form(*, cohort: str) -> dict[str, Any]:
    from campus.cohorts.models import Cohort
    from campus.questionnaires.blueprints import write_version
    from campus.questionnaires.building import create_questionnaire, publish
    from campus.questionnaires.models import Purpose

    found = Cohort.objects.get(slug=cohort)
    form = create_questionnaire(cohort=found, blueprint_key="empty", actor=None, purpose=Purpose.APPLICATION)
    draft = form.versions.get()
    draft.sections.all().delete()
    label = {"ja": "応募の動機", "en": "Motivation"}
    question = {"kind": "long_text", "key": "motivation", "label": label, "is_required": True}
    write_version(draft, {"sections": [{"questions": [question]}]})
    publish(questionnaire=form, actor=None)
    return {}


def let_complete(*, scene: dict[str, Any], parts: list[str]) -> dict[str, Any]:
    from campus.cohorts.models import Cohort
    from campus.demo.badges import make_for_completing
    from campus.people.models import Person

    cohort = Cohort.objects.get(slug=scene["cohort"])
    organiser = Person.objects.get(email=scene["people"]["organiser"])
    _complete(cohort, [scene["people"][part] for part in parts])
    make_for_completing(cohort, organiser)
    return {}


def _complete(cohort: Any, addresses: list[str]) -> None:
    from campus.cohorts.models import EnrolmentState, Role
    from campus.progress.completing import record_completions

    learners = cohort.enrolments.filter(person__email__in=addresses, role=Role.LEARNER)
    learners.update(state=EnrolmentState.COMPLETED)
    record_completions(cohort)


def furnish(*, scene: dict[str, Any]) -> dict[str, Any]:
    from campus.cohorts.models import Cohort
    from campus.people.models import Person

    cohort, language = Cohort.objects.get(slug=scene["cohort"]), scene["language"]
    persons = {part: Person.objects.get(email=email) for part, email in scene["people"].items()}
    persons |= {part: _person(part, secrets.token_hex(3), language) for part in ("applicant", "waiting", "operator")}
    Person.objects.filter(pk=persons["operator"].pk).update(is_staff=True)
    _tell(cohort, persons)
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


def _tell(cohort: Any, persons: dict[str, Any]) -> None:
    """An announcement, a study meeting with participants, an extension, a form to answer."""
    from django.utils import timezone

    from campus.announcements.actions import Text, send, write
    from campus.cases.extending import grant_extensions
    from campus.meetings.actions import Plan, create, sign_up
    from campus.questionnaires.building import create_questionnaire, publish

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


def _let_review(cohort: Any, persons: dict[str, Any]) -> None:
    """Peer review has begun: the mate has given her review of the learner's work, who has practised."""
    from django.utils import timezone

    from campus.cases.models import Step
    from campus.deliverables.actions import Work, hand_in
    from campus.reviews import actions
    from campus.reviews.assigning import assign
    from campus.reviews.models import Assignment
    from campus.reviews.practice import rubric_of_round, samples_of
    from campus.reviews.rounds import round_of

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
        share = actions.join(round=found, enrolment=cohort.enrolments.get(person=persons[part]))
        for sample in samples_of(found):
            actions.practise(share=share, sample=sample.key, marks=sample.known)
    rubric = rubric_of_round(found)
    given = Assignment.objects.with_all().get(share__round=found, share__enrolment__person=persons["mate"])
    written = actions.Written(
        {c.key: 3 for c in rubric}, {c.key: "根拠が示されています。" for c in rubric}, "良い提案です。"
    )
    actions.give(assignment=given, written=written)


def _award(cohort: Any, persons: dict[str, Any]) -> None:
    """A badge for completing the cohort, which the learner has done and holds."""
    from campus.demo.badges import issue, make_for_completing

    _complete(cohort, [persons["learner"].email])
    issue(make_for_completing(cohort, persons["organiser"]), persons["organiser"], chosen=None)


def _let_mentor(cohort: Any, persons: dict[str, Any]) -> None:
    """Every proposal comes before the mentor, who has commented the learner's."""
    from campus.cases.models import Step
    from campus.deliverables.models import Deliverable
    from campus.mentoring import actions
    from campus.mentoring.models import Phrase, Sampling

    step = Step.objects.get(cohort_case__cohort=cohort, key="proposal")
    Sampling.objects.create(step=step, percent=100)
    Phrase.objects.create(cohort=cohort, text="数字の出典を書き添えてください。")
    mentor = cohort.enrolments.get(person=persons["mentor"])
    work = Deliverable.objects.with_step().get(step=step, enrolment__person=persons["learner"])
    actions.comment(deliverable=work, mentor=mentor, anchor="p-1", text="この数字の根拠は？")


def _take_applications(cohort: Any, persons: dict[str, Any]) -> None:
    """A call for applications with one who is selected and one who waits, neither told yet."""
    from campus.demo import admission
    from campus.intake.applications.selection import decide_many
    from campus.intake.models import Application, Decision

    organiser = persons["organiser"]
    forms = [admission.make_form(cohort, key, organiser) for key in ("application", "prerequisite")]
    call = admission.open_call(cohort, organiser=organiser, places=5)
    for part, decision in (("applicant", Decision.SELECTED), ("waiting", Decision.WAITLISTED)):
        admission.let_apply(call, persons[part], *forms)
        one = Application.objects.get(enrolment__person=persons[part])
        decide_many(cohort=cohort, decision=decision, seen={one.pk: one.revision}, actor=organiser)


def _copy(cohort: Any, organiser: Any) -> str:
    """The cohort a year later, as the organiser would copy it."""
    from campus.cohorts.copying import parts
    from campus.cohorts.running import CHANGEABLE, create_cohort

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


def _form_groups(cohort: Any, persons: dict[str, Any]) -> None:
    """A project team with an evaluation, a draft of further teams, and somebody who looks for a study group."""
    from django.utils import timezone

    from campus.grouping import evaluating, forming, speaking
    from campus.grouping.models import Policy
    from campus.teams.actions import form_team
    from campus.teams.models import TeamKind

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


def _let_choose(persons: dict[str, Any]) -> None:
    """In the outsider's cohort everybody chooses a case."""
    from django.utils import timezone

    from campus.cases.choosing import set_choice_rule

    case = persons["outsider"].enrolments.get().cohort.cases.get()
    until = timezone.now() + timedelta(days=7)
    set_choice_rule(cohort=case.cohort, cases_each=1, tracks=[case.case_version.track], until=until, actor=None)


def _serve() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campus.settings")
    django.setup()
    from tests.browser.crawling import crawl, session_of

    done = (set_scene, close_step, open_step, publish_application_form, let_complete, furnish, session_of, crawl)
    actions = {one.__name__: one for one in done}
    for line in sys.stdin:
        request = json.loads(line)
        sys.stdout.write(json.dumps(actions[request.pop("do")](**request)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
