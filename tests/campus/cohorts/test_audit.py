"""The audit log in words: every action has a sentence, subjects are named, and nothing in it is taken for markup."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

import campus
from campus.cohorts import audit
from campus.cohorts.actions import record_audit
from campus.cohorts.models import AuditEntry, Cohort, Enrolment, Programme
from campus.people.models import Person
from campus.teams.models import Team
from tests.campus.cast import enrol, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
WORDS = {"audit.py", "audit_words.py"}
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
PACKAGE = Path(campus.__file__).parent


def recorded_actions() -> Iterator[tuple[str, str]]:
    """Where the code records which action: literals given to `record_audit(s)`, or to a module's own `_record`."""
    for path in sorted(PACKAGE.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "record_audit" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and _called(node).lstrip("_").startswith(("record", "audit")):
                given = [argument.value for argument in node.keywords if argument.arg == "action"] or node.args[:1]
                for part in (inner for argument in given for inner in ast.walk(argument)):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value, str(path.relative_to(PACKAGE))


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def test_every_action_of_the_code_has_words_and_every_words_an_action() -> None:
    found = dict(recorded_actions())
    known = set(audit.known_actions())
    assert {action: path for action, path in found.items() if ACTION.fullmatch(action) and action not in known} == {}
    # Actions may pass through other functions, and of an f-string only the beginning is known.
    begun = tuple(part for part in found if part.endswith("."))
    said = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py") if path.name not in WORDS)
    assert {action for action in known if f'"{action}"' not in said and not action.startswith(begun)} == set()


def test_every_group_of_actions_has_a_name_in_the_filter() -> None:
    assert [prefix for prefix, name in audit.groups() if str(name) == prefix] == []


def test_the_test_above_finds_actions_said_in_every_way() -> None:
    recorded = dict(recorded_actions())
    assert {"case.installed", "team.joined", "extension.granted"} <= set(recorded)


def sentence(entry: AuditEntry) -> audit.Line:
    (line,) = audit.in_words([AuditEntry.objects.select_related("actor").get(pk=entry.pk)])
    return line


def test_an_entry_reads_as_a_sentence_with_names(team: Team, enrolment: Enrolment, organiser: Person) -> None:
    entry = record_audit(
        action="team.joined", subject=f"team:{team.pk}", actor=organiser, cohort=team.cohort, enrolment=enrolment.pk
    )
    line = sentence(entry)
    assert (line.actor, line.plain) == ("Osamu", "added Hanako to the team Team 1")


def test_moments_read_as_moments_and_what_the_site_did_is_told_so(cohort: Cohort) -> None:
    entry = record_audit(
        action="choice.opened",
        subject="cohort:1",
        actor=None,
        cohort=cohort,
        count=1,
        until="2026-11-23T05:05:00+00:00",
    )
    line = sentence(entry)
    assert (line.actor, line.plain) == (
        "The site",
        "let learners choose 1 of the cases until Mon 23 Nov 2026, 14:05 JST",
    )


def test_names_are_no_markup(cohort: Cohort, organiser: Person) -> None:
    bad = Programme.objects.create(slug="bad", title_ja="<script>", title_en="<script>")
    cohort.title_en = "<b>100%</b>"
    cohort.programme = bad
    cohort.save()
    entry = record_audit(
        action="case.adopted", subject=f"cohort:{cohort.pk}", actor=organiser, cohort=cohort, version="<i>"
    )
    html = sentence(entry).sentence
    assert "&lt;b&gt;100%&lt;/b&gt;</a>" in html
    assert "&lt;i&gt;" in html
    assert "<b>" not in html


def test_what_is_gone_or_unknown_is_told_by_its_number(cohort: Cohort) -> None:
    gone = record_audit(action="team.formed", subject="team:999999", actor=None, cohort=cohort)
    unknown = record_audit(action="strange.done", subject="thing:1", actor=None, cohort=cohort)
    assert sentence(gone).plain == "formed the team team:999999"
    assert sentence(unknown).plain == "strange.done"


def test_a_page_of_entries_is_named_in_a_few_queries(
    cohort: Cohort, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(10):
        one = enrol(make_person(f"L{number}"), cohort)
        record_audit(
            action="enrolment.board_name_chosen", subject=f"enrolment:{one.pk}", actor=one.person, cohort=cohort
        )
    with django_assert_max_num_queries(2):
        lines = audit.in_words(AuditEntry.objects.select_related("actor"))
    assert len(lines) == 10


@pytest.mark.parametrize(("count", "said"), [(1, "assigned 1 learner to"), (12, "assigned 12 learners to")])
def test_one_thing_is_not_told_like_several(cohort: Cohort, count: int, said: str) -> None:
    entry = record_audit(action="class.dealt", subject="cohort:1", actor=None, cohort=cohort, count=count)
    assert sentence(entry).plain.startswith(said)
