"""The `campus` command: everything at once, each part alone, and Django's own commands."""

import argparse
import os
import signal
import sys
from collections.abc import Callable
from typing import NamedTuple

from campus.environment import read_environment
from campus.stack.account import CannotRun
from campus.stack.lifetime import die_with_parent


class Part(NamedTuple):
    """A command of our own: what it is for, and what carries it out."""

    purpose: str
    run: Callable[[list[str]], None]


def _up(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="campus up", description="Start everything; Ctrl-C stops all of it.")
    parser.add_argument("--without-demo", action="store_true", help="put no demo cohort and no demo accounts in")
    options = parser.parse_args(arguments)
    from campus.stack.up import up

    up(read_environment(), demo=not options.without_demo)


def _prepare(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="campus prepare", description="Migrate, collect static files, load the demo.")
    parser.add_argument("--without-demo", action="store_true", help="put no demo cohort and no demo accounts in")
    options = parser.parse_args(arguments)
    from campus.stack.prepare import prepare

    prepare(demo_size=None if options.without_demo else read_environment().size)


def _postgres(arguments: list[str]) -> None:
    argparse.ArgumentParser(prog="campus postgres", description="Run the embedded database.").parse_args(arguments)
    from campus.stack import embedded

    embedded.run(read_environment().data_dir)


def _web(arguments: list[str]) -> None:
    from campus.stack.servers import web

    web(read_environment(), listen=_listen("web", "pages and API", arguments))


def _live(arguments: list[str]) -> None:
    from campus.stack.servers import live

    live(read_environment(), listen=_listen("live", "WebSockets", arguments))


def _listen(part: str, what: str, arguments: list[str]) -> str:
    parser = argparse.ArgumentParser(prog=f"campus {part}", description=f"Serve {what}.")
    parser.add_argument("--listen", default="", metavar="HOST:PORT", help="instead of the socket in DATA_DIR")
    return str(parser.parse_args(arguments).listen)


def _worker(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="campus worker", description="Run background jobs and the sweeper.")
    parser.add_argument("--queues", default="", metavar="NAMES", help="only these, separated by commas")
    options = parser.parse_args(arguments)
    from campus.stack.worker import work

    work(queues=[name for name in options.queues.split(",") if name])


def _runner(arguments: list[str]) -> None:
    argparse.ArgumentParser(prog="campus runner", description="Execute models and programs.").parse_args(arguments)
    from campus.stack.servers import runner

    runner(read_environment())


def _notebooks(arguments: list[str]) -> None:
    argparse.ArgumentParser(
        prog="campus notebooks", description="Start learners' servers when the Hub asks."
    ).parse_args(arguments)
    from campus.stack.servers import notebooks

    notebooks(read_environment())


def _hub(arguments: list[str]) -> None:
    argparse.ArgumentParser(prog="campus hub", description="Run JupyterHub.").parse_args(arguments)
    from campus.stack.servers import hub

    hub(read_environment())


def _proxy(arguments: list[str]) -> None:
    argparse.ArgumentParser(prog="campus proxy", description="Serve the one public port.").parse_args(arguments)
    from campus.stack.proxy import run

    run(read_environment())


def _settings(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="campus settings", description="List every setting.")
    parser.add_argument("--markdown", action="store_true", help="as docs/settings.md is written")
    options = parser.parse_args(arguments)
    from campus.stack.settings_list import as_markdown, as_text

    print(as_markdown() if options.markdown else as_text(read_environment()), end="")


PARTS = {
    "up": Part("everything: database, migrations, demo, web, live, workers, runner, notebooks, proxy", _up),
    "prepare": Part("migrations, translations, static files, demo", _prepare),
    "postgres": Part("the embedded database", _postgres),
    "web": Part("pages and API", _web),
    "live": Part("WebSockets", _live),
    "worker": Part("background jobs", _worker),
    "runner": Part("what executes models and programs", _runner),
    "notebooks": Part("what starts learners' notebook servers", _notebooks),
    "hub": Part("JupyterHub", _hub),
    "proxy": Part("the one public port", _proxy),
    "settings": Part("every setting and its value", _settings),
}


def main() -> None:
    """Run the command named first; what is none of ours goes to Django."""
    os.umask(0o077)  # What the site writes (submissions, hidden truth, mails) is nobody else's.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campus.settings")
    if "SUPERVISOR_ENABLED" in os.environ:  # Set by supervisord: no part outlives it, even if it is killed outright.
        die_with_parent(signal.SIGTERM)
    name, arguments = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("help", [])
    if name in {"help", "-h", "--help"} and not arguments:
        _help()
    elif name in PARTS:
        try:
            PARTS[name].run(arguments)
        except CannotRun as error:
            sys.exit(f"campus {name}: {error}")
    else:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["campus", name, *arguments])


def _help() -> None:
    print("campus COMMAND …\n")
    for name, part in PARTS.items():
        print(f"  {name:<10} {part.purpose}")
    print("\nAnything else is a command of Django: `campus help migrate`, `campus help --commands`.")


if __name__ == "__main__":
    main()
