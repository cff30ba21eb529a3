"""Results of a form with 2,000 answers to 24 questions: queries and server time of each page, chart and file."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.benchmarks.site import database_only, headline, in_ms

if TYPE_CHECKING:
    from campus.cohorts.models import Cohort
    from campus.questionnaires.models import Questionnaire

PEOPLE, CLASSES = 2000, 20


def main() -> None:
    with database_only():
        from django.conf import settings

        settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
        settings.STATIC_ROOT.mkdir(parents=True)
        settings.ALLOWED_HOSTS.append("testserver")
        from tests.benchmarks.board import REPEATS
        from tests.campus.cast import make_cohort

        cohort = make_cohort("bench")
        form = make(cohort)
        fill(form)
        headline(f"results of a form with {PEOPLE:,} answers, {REPEATS} requests each")
        measure(form)


def make(cohort: Cohort) -> Questionnaire:
    """The satisfaction survey, the reflection and the application in one form, under names of their own."""
    from campus.questionnaires.blueprints import blueprint, write_version
    from campus.questionnaires.building import create_questionnaire, publish

    made = create_questionnaire(cohort=cohort, blueprint_key="empty", actor=None)
    sections = []
    for key in ("satisfaction", "reflection", "application", "prerequisite"):
        for section in blueprint(key).content["sections"]:
            questions = [one | {"key": f"{key}-{one['key']}"[:40]} for one in section["questions"]]
            for one in questions:
                one.pop("shown_when", None)
            sections.append({"questions": [one for one in questions if one["kind"] != "file"]})
    draft = made.draft
    assert draft is not None
    draft.sections.all().delete()
    write_version(draft, {"sections": sections})
    publish(questionnaire=made, actor=None)
    return made


def fill(form: Questionnaire) -> None:
    """Answers of everybody, as submitting them one by one would leave them."""
    from django.db import connection
    from django.utils import timezone

    from campus.cohorts.models import Enrolment, StudyClass
    from campus.people.models import Person
    from campus.questionnaires.models import AnswerSet, Response

    version = form.versions.get()
    drawn = random.Random(1)
    classes = [StudyClass.objects.create(cohort=form.cohort, name=f"{number:02d}") for number in range(CLASSES)]
    people = Person.objects.bulk_create(
        Person(email=f"bench{number}@example.org", name=f"受講生{number}", password="!") for number in range(PEOPLE)
    )
    Enrolment.objects.bulk_create(
        Enrolment(person=person, cohort=form.cohort, study_class=classes[number % CLASSES])
        for number, person in enumerate(people)
    )
    now = timezone.now()
    times = {"submitted_at": now, "last_submitted_at": now}
    responses = Response.objects.bulk_create(
        Response(questionnaire=form, version=version, person=person, **times) for person in people
    )
    AnswerSet.objects.bulk_create(
        AnswerSet(version=version, response=one, submitted_at=now, answers=answers(version.all_questions, drawn))
        for one in responses
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def answers(questions: list, drawn: random.Random) -> dict[str, object]:
    made: dict[str, object] = {}
    for one in questions:
        keys = [choice["key"] for choice in one.choices]
        if one.kind in {"single", "multiple"}:
            made[one.key] = {"chosen": [drawn.choice(keys)], "other": ""}
        elif one.kind == "matrix":
            made[one.key] = {row["key"]: drawn.choice(keys) for row in one.rows}
        elif one.kind in {"scale", "number"}:
            made[one.key] = drawn.randint(int(one.minimum or 0), int(one.maximum or 40))
        else:
            made[one.key] = "とても勉強になりました。" * drawn.randint(1, 20)
    return made


def measure(form: Questionnaire) -> None:
    from django.test import Client

    from campus.cohorts.models import Role
    from tests.benchmarks.board import visit
    from tests.campus.cast import enrol, make_person

    organiser = make_person("Organiser")
    enrol(organiser, form.cohort, Role.ORGANISER)
    client = Client()
    client.force_login(organiser, backend="allauth.account.auth_backends.AuthenticationBackend")
    base = f"/cohorts/bench/desk/forms/{form.pk}/"
    study_class = form.cohort.classes.earliest("pk").pk
    pages = {
        "list of forms": "/cohorts/bench/desk/forms/",
        "summary, first page": f"{base}results/",
        "summary of one class": f"{base}results/?study_class={study_class}",
        "chart of a matrix": f"{base}results/questions/satisfaction-aspects/figures/",
        "chart of a number": f"{base}results/questions/satisfaction-hours/figures/",
        "all answers, first page": f"{base}results/answers/",
        "all answers, page 30": f"{base}results/answers/?page=30&sort=name",
        "texts, page 20": f"{base}results/questions/satisfaction-good/?page=20",
        "CSV of all answers": f"{base}results/answers/?export=csv",
    }
    for name, address in pages.items():
        queries, seconds = visit(client, address)
        print(f"{name:<26} {queries:3d} queries   {in_ms(seconds)}", flush=True)


if __name__ == "__main__":
    main()
