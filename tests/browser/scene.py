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

    def path(self, page: str = "") -> str:
        """Address of a page of the graded step."""
        return f"/cohorts/{self.cohort}/cases/{self.case}/{self.step}/{page}"


class Stagehand:
    """The process that sets scenes; give it back by `leave()`."""

    def __init__(self, site: RunningSite) -> None:
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

    def publish_application_form(self, scene: Scene) -> None:
        """Give the cohort a form for applicants with one question."""
        self._ask(do="publish_application_form", cohort=scene.cohort)

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


def _serve() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campus.settings")
    django.setup()
    actions = {"set_scene": set_scene, "close_step": close_step, "publish_application_form": publish_application_form}
    for line in sys.stdin:
        request = json.loads(line)
        sys.stdout.write(json.dumps(actions[request.pop("do")](**request)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
