"""`campus pages` walks wherever a link leads and says what each page costs; so do the tests' crawls."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from campus.cohorts.models import Cohort, Role
from campus.demo import people
from campus.demo.walk import Walk, client_of
from campus.people.models import Person
from tests.campus.cast import enrol

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_learner(cohort: Cohort, monkeypatch: pytest.MonkeyPatch) -> Person:
    """The only account of a demo of one."""
    monkeypatch.setattr(people, "ACCOUNTS", [people.LEARNER])
    person = Person.objects.create_user(people.LEARNER.email, people.PASSWORD, name=people.LEARNER.name)
    enrol(person, cohort, Role.LEARNER)
    return person


def test_a_line_for_every_page_with_queries_and_weight(demo_learner: Person) -> None:
    told = StringIO()
    call_command("pages", stdout=told)
    heading, *lines = told.getvalue().splitlines()
    assert heading.split() == ["page", "as", "ms", "queries", "kB", "html", "kB", "script"]
    found = {line.split()[0]: line.split()[1:] for line in lines}
    assert {"home", "cohorts:cohort", "help", "people:settings"} <= set(found)
    for role, _ms, queries, html, script in found.values():
        assert role == "learner"
        assert 0 < int(queries) <= 30
        assert float(html) > 0
        assert 15 < float(script) < 100


def test_without_a_demo_it_says_how_to_get_one(db: None) -> None:
    with pytest.raises(CommandError, match="campus demo"):
        call_command("pages", "--as", "mentor", stdout=StringIO())


def test_a_walk_goes_once_to_each_page_and_to_the_parts_that_a_page_loads(
    facilitator: Person, outsider: Person
) -> None:
    walk = Walk(client_of(facilitator))
    visits = [visit for visit in walk if visit.is_page]
    names = [visit.name for visit in visits]
    assert names[0] == "home"
    assert len(names) == len(set(names)) > 20
    assert {"home_learners", "cohorts:cohort", "progress:overview"} <= set(names)
    assert walk.dead_ends == {}
    assert [visit.address for visit in visits if "/cohorts/autumn/" in visit.address] == []
