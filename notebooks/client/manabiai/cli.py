"""The command line: manabiai login | data | check | submit | scores | board | team | share."""

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from typing import Any

from manabiai.errors import ManabiaiError
from manabiai.records import Submission
from manabiai.site import Site, login
from manabiai.words import Language, default_language, say

Answer = tuple[object, bool]


def main(arguments: list[str] | None = None) -> int:
    """Run a command; 0 when it did what was asked, 1 when not (the reason is on standard error)."""
    language = default_language()
    options = _parser(language).parse_args(arguments)
    try:
        answer, is_good = options.run(options, language)
        print(answer, flush=True)
    except ManabiaiError as error:
        print(error, file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EOFError):
        print(say("stopped", language), file=sys.stderr)
        return 130
    except BrokenPipeError:  # The reader, `head` for one, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return 0 if is_good else 1


def _parser(language: Language) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="manabiai", description=say("cli", language))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace, Language], Answer]) -> argparse.ArgumentParser:
        help_text = say(f"cli_{name}", language)
        added = commands.add_parser(name, help=help_text, description=help_text)
        added.set_defaults(run=run)
        return added

    def option(to: argparse.ArgumentParser, *names: str, words: str, **more: Any) -> None:
        to.add_argument(*names, help=say(words, language), **more)

    option(command("login", _login), "url", words="cli_url", nargs="?")
    data = command("data", _data)
    option(data, "--folder", words="cli_folder")
    check = command("check", _check)
    submit = command("submit", _submit)
    for one in (check, submit):
        option(one, "file", words="cli_file")
    option(check, "--no-hints", words="cli_no_hints", action="store_true")
    option(submit, "--note", words="cli_note", default="")
    option(submit, "--no-wait", words="cli_no_wait", action="store_true")
    scores = command("scores", _scores)
    board = command("board", _board)
    option(board, "--final", words="cli_final", action="store_true")
    option(board, "--page", words="cli_page", type=int, default=1)
    team = command("team", _team)
    share = command("share", _share)
    option(share, "file", words="cli_shared_file")
    option(share, "--note", words="cli_change", default="")
    for one in (team, share):
        option(one, "--group", words="cli_group")
        option(one, "--folder", words="cli_folder")
    for one in (data, check, submit, scores, board, team, share):
        option(one, "--case", words="cli_case")
    return parser


def _login(options: argparse.Namespace, language: Language) -> Answer:
    """The token is asked for or comes from MANABIAI_TOKEN, never from the command line, which others can see."""
    url = options.url or os.environ.get("MANABIAI_URL") or input(say("ask_url", language))
    token = os.environ.get("MANABIAI_TOKEN") or getpass.getpass(say("ask_token", language))
    name, path = login(url, token, language=language)
    return say("logged_in", language, name=name, path=path), True


def _data(options: argparse.Namespace, language: Language) -> Answer:
    found = Site(language=language, tell=_to_stderr).data(options.case, folder=options.folder)
    return say("downloaded", language, count=len(found), folder=found.folder), True


def _check(options: argparse.Namespace, language: Language) -> Answer:
    site = Site(language=language, tell=_to_stderr)
    return site.check(options.file, options.case, hints=not options.no_hints), True


def _submit(options: argparse.Namespace, language: Language) -> Answer:
    site = Site(language=language, tell=_to_stderr)
    submission = site.submit(options.file, options.case, note=options.note, wait=False)
    if options.no_wait:
        return submission, True
    print(say("submitted", language, id=submission.id), flush=True)
    graded: Submission = site.wait_for(submission)
    return graded, graded.is_scored


def _to_stderr(line: str) -> None:
    """Standard output is for the answer."""
    print(line, file=sys.stderr, flush=True)


def _scores(options: argparse.Namespace, language: Language) -> Answer:
    return Site(language=language, tell=_to_stderr).scores(options.case), True


def _board(options: argparse.Namespace, language: Language) -> Answer:
    return Site(language=language, tell=_to_stderr).board(options.case, final=options.final, page=options.page), True


def _team(options: argparse.Namespace, language: Language) -> Answer:
    site = Site(language=language, tell=_to_stderr)
    return site.team(options.case, group=options.group, folder=options.folder), True


def _share(options: argparse.Namespace, language: Language) -> Answer:
    site = Site(language=language, tell=_to_stderr)
    where = {"group": options.group, "folder": options.folder}
    return site.share(options.file, options.case, note=options.note, **where), True
