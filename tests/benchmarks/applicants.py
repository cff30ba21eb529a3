"""A cohort with 2,000 applicants: how long the organisers' pages take, deciding for all, announcing, inviting all."""

import re
import time
from collections.abc import Callable
from datetime import timedelta

from tests.benchmarks.pages import gather_statistics, load_as_in_production
from tests.benchmarks.site import database_only, headline, in_ms, percentile

APPLICANTS = 2_000
ROUNDS = 20
HIGHEST_P95 = 0.3
DESK = "/cohorts/bench/desk/"
PAGES = {
    "list of applicants": "applicants/",
    "narrowed by answer and profile": "applicants/?answer-work=employed&occupation=sales",
    "sorted by score, page 20": "applicants/?sort=-score&page=20",
    "call for applications": "admission/",
    "announcement": "applicants/announcement/",
    "waitlist": "applicants/waitlist/",
    "invitations": "invitations/",
}


def main() -> None:
    with database_only():
        from django.core.management import call_command
        from django.test import Client

        call_command("collectstatic", interactive=False, verbosity=0)
        client = Client(SERVER_NAME="127.0.0.1")
        organiser = fill_cohort()
        gather_statistics()
        load_as_in_production()
        client.force_login(organiser, backend="allauth.account.auth_backends.AuthenticationBackend")
        headline(f"{APPLICANTS} applicants")
        for decision, query in (("selected", "score_from=5"), ("waitlisted", "score_from=3&score_to=4")):
            tell(f"decide: {decision}", lambda d=decision, q=query: bulk(client, d, q))  # type: ignore[misc]
        slow = [name for name, address in PAGES.items() if not is_quick(client, name, address)]
        tell("announce", lambda: client.post(f"{DESK}applicants/announcement/"))
        tell("invite all who were selected", lambda: invite(client))
        if not is_quick(client, "invitations, all sent", "invitations/"):
            slow.append("invitations, all sent")
        assert not slow, f"p95 above {HIGHEST_P95 * 1000:.0f} ms: {', '.join(slow)}"


def fill_cohort():
    """An organiser's cohort with a call, its forms and all the applicants; returns the organiser."""
    from django.utils import timezone

    from campus.cohorts.models import Cohort, Enrolment, Programme, Role
    from campus.intake.applications.actions import set_admission
    from campus.people.models import Person
    from campus.questionnaires.building import create_questionnaire, publish

    now = timezone.now()
    programme = Programme.objects.create(slug="bench", title_ja="測定")
    cohort = Cohort.objects.create(
        programme=programme, slug="bench", title_ja="測定", starts_on=now.date(), ends_on=now.date()
    )
    organiser = Person.objects.create_user("organiser@example.org", "x", name="事務局")
    Enrolment.objects.create(person=organiser, cohort=cohort, role=Role.ORGANISER)
    forms = [
        create_questionnaire(cohort=cohort, blueprint_key=key, actor=None) for key in ("application", "prerequisite")
    ]
    for form in forms:
        publish(questionnaire=form, actor=None)
    set_admission(
        cohort=cohort,
        actor=None,
        description_ja="測定",
        opens_at=now - timedelta(days=20),
        closes_at=now - timedelta(days=1),
        capacity=APPLICANTS,
    )
    add_applicants(cohort, *forms)
    return organiser


def add_applicants(cohort, form, check) -> None:
    from django.utils import timezone

    from campus.cohorts.models import Enrolment, EnrolmentState
    from campus.intake.models import Application
    from campus.people.models import Person, Profile
    from campus.questionnaires.models import AnswerSet, Response

    now = timezone.now()
    people = Person.objects.bulk_create(
        Person(email=f"bench{number}@example.org", name=f"応募者{number}", password="!") for number in range(APPLICANTS)
    )
    Profile.objects.bulk_create(
        Profile(person=person, occupation=("sales", "it", "clerical")[number % 3], organisation="みなと電機")
        for number, person in enumerate(people)
    )
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(person=person, cohort=cohort, state=EnrolmentState.APPLIED) for person in people
    )
    Application.objects.bulk_create(Application(enrolment=enrolment, note="一言") for enrolment in enrolments)
    work = ("employed", "student", "seeking")
    for questionnaire in (form, check):
        responses = Response.objects.bulk_create(
            Response(questionnaire=questionnaire, person=person, version=questionnaire.published, submitted_at=now)
            for person in people
        )
        AnswerSet.objects.bulk_create(
            AnswerSet(
                version=response.version,
                response=response,
                submitted_at=now,
                answers={"motivation": "学びたい。" * 40, "work": {"chosen": [work[number % 3]], "other": ""}},
                score=number % 8 if questionnaire is check else None,
            )
            for number, response in enumerate(responses)
        )


def is_quick(client, name: str, address: str) -> bool:
    spent = [timed(lambda: client.get(DESK + address)) for _ in range(ROUNDS)]
    print(f"{name:36} {in_ms(spent)}")
    return percentile(spent, 0.95) <= HIGHEST_P95


def tell(name: str, work: Callable[[], object]) -> None:
    print(f"{name:36} {timed(work):8.2f} s")


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def bulk(client, decision: str, query: str) -> None:
    """Preview and confirmation of a decision for all that a filter leaves."""
    sent = {"decision": decision, "scope": "all", "query": query}
    preview = client.post(f"{DESK}applicants/decide/", sent)
    assert client.post(f"{DESK}applicants/decide/", sent | hidden(preview, "digest", "shown_at")).status_code == 302


def invite(client) -> None:
    sent = {"scope": "all", "query": ""}
    preview = client.post(f"{DESK}invitations/send/", sent)
    assert client.post(f"{DESK}invitations/send/", sent | hidden(preview, "digest")).status_code == 302


def hidden(page, *names: str) -> dict[str, str]:
    """Values of hidden fields of a page."""
    found = {}
    for name in names:
        match = re.search(f'name="{name}" value="([^"]*)"', page.content.decode())
        assert match, name
        found[name] = match[1]
    return found


if __name__ == "__main__":
    main()
