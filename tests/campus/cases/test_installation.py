"""Installing a pack: whole or not at all, the same twice is once, a changed pack is refused in words."""

import re
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from pytest_django import Settings

from campus.cases import installation
from campus.cases.actions import PackChanged, adopt_case, install_case
from campus.cases.models import CaseVersion, Step
from campus.cohorts.models import AuditEntry, Cohort
from campus.people.models import Person
from grader.pack import PackError
from grader.pack.seeds import write_secret_seed
from tests.campus.cast import PACK

pytestmark = pytest.mark.django_db


@pytest.fixture
def case_root(settings: Settings, tmp_path: Path) -> Path:
    """A place for installations that this test alone uses."""
    settings.CASE_ROOT = tmp_path / "cases"
    return settings.CASE_ROOT


@pytest.fixture
def own_pack(tmp_path: Path) -> Path:
    """A copy of the tiny pack that may be changed."""
    return Path(shutil.copytree(PACK, tmp_path / PACK.name))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_an_installed_pack_has_data_scored_baselines_and_an_audit_entry(case_root: Path, organiser: Person) -> None:
    version = install_case(source=PACK, actor=organiser)
    assert (version.slug, version.version, version.seed_kind) == ("daily-sales", "1.0.0", "demo")
    assert [(one["key"], one["public"]["mae"] > 0, one["private"]["mae"] > 0) for one in version.baselines] == [
        ("zero", True, True),
        ("mean", True, True),
    ]
    assert version.pack().digest == version.pack_digest
    assert version.build().truth_digest == version.truth_digest
    entry = AuditEntry.objects.get(action="case.installed")
    assert (entry.actor, entry.cohort, entry.subject) == (organiser, None, f"case_version:{version.pk}")


def test_the_truth_is_for_the_owner_only_and_lies_outside_of_what_is_served(
    case_version: CaseVersion, settings: Settings
) -> None:
    truth = (case_version.path / "build" / "truth").resolve()
    assert stat.S_IMODE(truth.stat().st_mode) == 0o700
    assert stat.S_IMODE(case_version.path.parent.stat().st_mode) == 0o700
    static = [Path(entry[1] if isinstance(entry, tuple) else entry) for entry in settings.STATICFILES_DIRS]
    for served in [Path(settings.MEDIA_ROOT), Path(settings.STATIC_ROOT), *static]:
        assert not truth.is_relative_to(served.resolve())


def test_the_same_twice_is_once(case_root: Path) -> None:
    first, second = install_case(source=PACK, actor=None), install_case(source=PACK, actor=None)
    assert first == second
    assert AuditEntry.objects.filter(action="case.installed").count() == 1
    assert [path.name for path in case_root.iterdir()] == [first.folder]


def test_lost_files_are_made_again(case_root: Path) -> None:
    version = install_case(source=PACK, actor=None)
    digest = version.build().truth_digest
    shutil.rmtree(version.path)
    again = install_case(source=PACK, actor=None)
    assert again == version
    assert (again.path / "build" / "truth" / "truth.csv").exists()
    assert again.truth_digest == digest


def test_a_changed_pack_under_the_same_version_is_refused_in_words(case_root: Path, own_pack: Path) -> None:
    version = install_case(source=own_pack, actor=None)
    edit(own_pack / "story.en.md", "bread and milk", "bread")
    with pytest.raises(PackChanged, match=r"daily-sales 1\.0\.0 is installed already.*new version in case\.toml"):
        install_case(source=own_pack, actor=None)
    assert list(CaseVersion.objects.all()) == [version]


def test_another_seed_under_the_same_version_is_refused(case_root: Path, tmp_path: Path) -> None:
    install_case(source=PACK, actor=None)
    write_secret_seed(tmp_path / "seed")
    with pytest.raises(PackChanged, match="another seed"):
        install_case(source=PACK, actor=None, seed_file=tmp_path / "seed")


def test_a_new_version_stands_beside_the_old_one_which_stays(case_root: Path, own_pack: Path) -> None:
    old = install_case(source=own_pack, actor=None)
    edit(own_pack / "case.toml", 'version = "1.0.0"', 'version = "1.1.0"')
    new = install_case(source=own_pack, actor=None)
    assert old != new
    assert old.path.exists()
    assert new.path.exists()


def test_a_secret_seed_gives_other_data_and_is_written_nowhere(case_root: Path, tmp_path: Path) -> None:
    seed_file = tmp_path / "seed"
    write_secret_seed(seed_file)
    version = install_case(source=PACK, actor=None, seed_file=seed_file)
    demo_truth = (PACK / "samples" / "expected.json").read_text()
    assert version.seed_kind == "secret"
    assert version.truth_digest not in demo_truth
    secret = seed_file.read_text().strip()
    number = str(int(secret, 16))
    for file in (path for path in case_root.rglob("*") if path.is_file() and path.suffix != ".zip"):
        assert secret not in file.read_text(encoding="utf-8")
        assert number not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("case.toml", 'track = "ai"', 'track = "magic"', "track"),
        ("case.toml", 'metric = "wape"', 'metric = "guess"', "guess"),
        ("samples/expected.json", '"mae": 9.4', '"mae": 9.1', "mean.csv"),
        ("generate.py", "PAST, AHEAD = 30, 10", "PAST, AHEAD = 30, 1 / 0", "generate.py"),
    ],
)
def test_a_pack_that_does_not_prove_itself_leaves_nothing_behind(
    file: str, old: str, new: str, said: str, case_root: Path, own_pack: Path
) -> None:
    edit(own_pack / file, old, new)
    with pytest.raises(PackError, match=said):
        install_case(source=own_pack, actor=None)
    assert not CaseVersion.objects.exists()
    assert not case_root.exists() or list(case_root.iterdir()) == []


def test_data_that_differ_in_a_last_digit_install_if_the_samples_score_the_same(
    case_root: Path, own_pack: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Another processor may round otherwise; what the samples come to decides."""
    expected = own_pack / "samples/expected.json"
    expected.write_text(
        re.sub(r'"features_digest": "\w+"', '"features_digest": "of another machine"', expected.read_text())
    )

    install_case(source=own_pack, actor=None)

    assert "of another machine" in caplog.text


def test_a_crash_half_way_leaves_nothing_that_is_used(case_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(installation, "prepare_downloads", crash)
        with pytest.raises(MemoryError):
            install_case(source=PACK, actor=None)
    assert list(case_root.iterdir()) == []
    assert install_case(source=PACK, actor=None).path.exists()


def test_two_installations_at_once_end_in_one_folder(case_root: Path) -> None:
    wanted = installation.Installation.of(source=PACK, seed_file=None)
    with ThreadPoolExecutor(2) as both:
        first, second = both.map(installation.prepare, [wanted, wanted])
    assert first == second
    assert [path.name for path in case_root.iterdir()] == [wanted.folder]


def test_the_command_installs_lists_and_says_what_is_wrong(
    case_root: Path, own_pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("case", "install", str(own_pack))
    call_command("case", "list")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == lines[2]
    assert lines[0].startswith("daily-sales 1.0.0 (demo seed)")
    edit(own_pack / "case.toml", 'licence = "CC-BY-4.0"', "licence = 3")
    with pytest.raises(CommandError, match=r"case\.toml"):
        call_command("case", "install", str(own_pack))


def test_adopting_dates_the_steps_as_the_pack_suggests(
    cohort: Cohort, case_version: CaseVersion, organiser: Person
) -> None:
    starts_at = timezone.now().replace(microsecond=0)
    case = adopt_case(cohort=cohort, case_version=case_version, starts_at=starts_at, actor=organiser)
    day, minute = timedelta(days=1), timedelta(minutes=1)
    assert [
        (step.key, step.position, step.kind, step.by, step.opens_at - starts_at, step.closes_at - starts_at)
        for step in case.steps.all()
    ] == [
        ("problem", 1, "text", "person", 0 * day, 7 * day - minute),
        ("forecast", 2, "model", "person", 7 * day, 21 * day - minute),
        ("team-forecast", 3, "model", "team", 7 * day, 28 * day - minute),
        ("proposal", 4, "text", "team", 21 * day, 35 * day - minute),
    ]
    entry = AuditEntry.objects.get(action="case.adopted")
    assert (entry.actor, entry.cohort) == (organiser, cohort)


def test_a_cohort_has_each_case_once(cohort: Cohort, case_version: CaseVersion) -> None:
    adopt_case(cohort=cohort, case_version=case_version, starts_at=timezone.now(), actor=None)
    with pytest.raises(ValidationError):
        adopt_case(cohort=cohort, case_version=case_version, starts_at=timezone.now(), actor=None)
    assert cohort.cases.count() == 1


def test_only_the_organiser_may_choose_cases_and_move_steps(
    open_step: Step, cohort: Cohort, learner: Person, outsider: Person, mentor: Person, organiser: Person
) -> None:
    may = {
        person.name: (person.has_perm("cases.adopt_case", cohort), person.has_perm("cases.schedule_step", open_step))
        for person in [learner, outsider, mentor, organiser]
    }
    assert may == {
        "Hanako": (False, False),
        "Yoso": (False, False),
        "Megumi": (False, False),
        "Osamu": (True, True),
    }
