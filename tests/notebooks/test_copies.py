"""A copy of what somebody handed in comes into the own home by the own server, and opens there."""

import json
from pathlib import Path
from urllib.parse import unquote

from tests.notebooks.machine import Machine, Visitor

NAME = "ノートブックのコピー（ハナ）"
TICKET = "WzQyLDFd:1wNaRm:abc-_"


def enters(visitor: Visitor, ticket: str = TICKET) -> tuple[int, str]:
    """Come as the site sends one; where one ends."""
    answer = visitor.enter("u42", f"/hub/user-redirect/manabiai/copies/{ticket}")
    return answer.status_code, unquote(answer.url.path)


def test_it_is_written_once_and_opened(machine: Machine, learner: Visitor) -> None:
    machine.site.copies = {("token-of-u42", TICKET): _told("a = 1")}
    home = machine.data_dir / "homes/u42/demand-forecasting"
    opened = (200, f"/user/u42/lab/tree/demand-forecasting/{NAME}.ipynb")

    assert [enters(learner), enters(learner)] == [opened, opened]
    assert _sources(home / f"{NAME}.ipynb") == ["a = 1"]

    (home / f"{NAME}.ipynb").write_text("hers now")
    assert enters(learner) == (200, f"/user/u42/lab/tree/demand-forecasting/{NAME} (2).ipynb")
    assert (home / f"{NAME}.ipynb").read_text() == "hers now"


def test_what_the_site_refuses_is_told_in_its_words(machine: Machine, learner: Visitor) -> None:
    machine.site.copies = {}
    answer = learner.get(f"{machine.server_url('u42')}/manabiai/copies/made-up")

    assert answer.status_code == 404
    assert "コピーを作成できませんでした" in answer.text
    assert "見つかりません &lt;b&gt;" in answer.text
    assert f'class="act" href="{machine.site_url}/"' in answer.text


def test_a_server_without_a_token_leads_to_where_it_can_be_closed(machine: Machine, learner: Visitor) -> None:
    machine.site.copies = {}
    machine.site.ended_tokens = {"token-of-u42"}
    try:
        answer = learner.get(f"{machine.server_url('u42')}/manabiai/copies/{TICKET}")
    finally:
        machine.site.ended_tokens = set()
    assert answer.status_code == 409
    assert "12時間以上" in answer.text
    assert f'class="act" href="{machine.hub_url}/hub/home"' in answer.text


def test_a_site_that_is_away_is_told_too(machine: Machine, learner: Visitor) -> None:
    machine.site.is_away = True
    try:
        answer = learner.get(f"{machine.server_url('u42')}/manabiai/copies/{TICKET}")
    finally:
        machine.site.is_away = False
    assert answer.status_code == 502
    assert "もう一度お試しください" in answer.text


def test_nobody_else_has_her_server_fetch_anything(machine: Machine, learner: Visitor) -> None:
    with Visitor(machine, "u43") as other:
        other.enter("u43", "/hub/home")
        before = len(machine.site.asked)
        assert other.get(f"{machine.server_url('u42')}/manabiai/copies/{TICKET}").status_code == 403
        assert not any("notebook-copies" in path for _, path, _ in machine.site.asked[before:])


def _told(source: str) -> dict[str, object]:
    cell = {
        "id": "cell-1",
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "execution_count": None,
        "outputs": [],
    }
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    return {"folder": "demand-forecasting", "name": f"{NAME}.ipynb", "notebook": notebook}


def _sources(path: Path) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]]
