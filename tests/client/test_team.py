"""The group's files beside a notebook: two members work on one file, and nobody's work is overwritten."""

from collections.abc import Callable
from pathlib import Path

import pytest

from campus.cases.models import Step
from campus.cohorts.models import Enrolment
from campus.people.models import Person
from campus.teams.models import Team
from manabiai import ManabiaiError, SettingsError, Site, cli


def test_two_members_share_a_notebook_and_keep_what_both_changed(
    site_of: Callable[..., Site], learner: Person, mate: Person, team: Team, open_step: Step, tmp_path: Path
) -> None:
    hanako, taro = site_of(learner), site_of(mate)
    here, there = tmp_path / "hanako", tmp_path / "taro"
    own = tmp_path / "plan.ipynb"
    own.write_text("{}")
    assert str(hanako.share(own, folder=here)) == "Shared plan.ipynb with Team 1 as version 1."
    assert taro.team(folder=there)["plan.ipynb"].here == "downloaded"
    (there / "plan.ipynb").write_text('{"taro": 1}')
    taro.share(there / "plan.ipynb", note="mine", folder=there)
    own.write_text('{"hanako": 1}')
    with pytest.raises(ManabiaiError, match="later version"):
        hanako.share(own, folder=here)

    (here / "plan.ipynb").write_text('{"hanako": 1}')
    found = hanako.team(folder=here)["plan.ipynb"]
    assert (found.number, found.by) == (2, "Taro")
    assert (here / "plan.ipynb").read_text() == '{"hanako": 1}'
    assert (here / "plan (version 2).ipynb").read_text() == '{"taro": 1}'
    assert hanako.team(folder=here)["plan.ipynb"].here == "changed here, not shared yet"
    assert hanako.share(here / "plan.ipynb", folder=here).number == 3
    assert hanako.team(folder=here)["plan.ipynb"].here == "up to date"

    assert taro.team(folder=there)["plan.ipynb"].here == "downloaded"
    assert (there / "plan.ipynb").read_text() == '{"hanako": 1}'
    files = taro.team(folder=there)
    assert "plan.ipynb" in files._repr_html_()
    assert files["plan.ipynb"]._repr_html_() == "<p>plan.ipynb: up to date</p>"


def test_who_is_in_no_group_or_names_another_is_told(
    site_of: Callable[..., Site], learner: Person, team: Team, open_step: Step, enrolment: Enrolment, tmp_path: Path
) -> None:
    site = site_of(learner)
    with pytest.raises(SettingsError, match="Team 1"):
        site.team(group="Another")
    assert "hasn’t shared any files yet" in str(site.team(folder=tmp_path / "none"))
    team.memberships.get(enrolment=enrolment).delete()
    with pytest.raises(SettingsError, match="aren’t in a group"):
        site.team()


def test_the_command_line_shares_and_brings(
    site_of: Callable[..., Site],
    learner: Person,
    team: Team,
    open_step: Step,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = site_of(learner).settings
    monkeypatch.setenv("MANABIAI_URL", settings.url)
    monkeypatch.setenv("MANABIAI_TOKEN", settings.token)
    monkeypatch.chdir(tmp_path)
    Path("memo.md").write_text("# memo")
    assert cli.main(["share", "memo.md", "--note", "first"]) == 0
    assert cli.main(["team"]) == 0
    assert "up to date" in capsys.readouterr().out
    assert Path("team/memo.md").read_text() == "# memo"
