"""`python -m devstack …`: the local stack from the command line."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from devstack import console
from devstack.layout import DevstackError
from devstack.pages import serving, take_picture
from devstack.play.day import play
from devstack.progress import say
from devstack.stack import ALL, Stack
from devstack.users import USERS
from devstack.watch.follower import SUPERVISOR
from devstack.watch.show import shown


def main() -> int:
    """Run one command; 0, or 1 with the reason on stderr."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `… status | head` is no error
    options = _parser().parse_args()
    commands: dict[str, Callable[[Stack, argparse.Namespace], None]] = {
        "up": _up,
        "down": _down,
        "reset": _reset,
        "status": _status,
        "logs": _logs,
        "env": _env,
        "console": _console,
        "types": lambda stack, _given: console.write_types(stack),
        "page": _page,
        "watch": _watch,
        "play": _play,
        "kill": lambda stack, given: stack.kill(given.part),
        "start": lambda stack, given: stack.start(given.part),
    }
    try:
        commands[options.command](Stack(), options)
    except DevstackError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m devstack", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in {
        "up": "start what is not running; migrate and seed",
        "down": "end everything this stack started; keep its data",
        "reset": "down, empty the database, up",
        "status": "what runs, where",
        "env": "print the path of the env file",
        "types": "write the console's types anew, of a stack that is up",
        "watch": "the call centre live, as a supervisor's screen has it, until ctrl-C",
    }.items():
        commands.add_parser(name, help=text)
    made = commands.add_parser("console", help="build the console that the service serves")
    made.add_argument("--check", action="store_true", help="look at its types and style instead")
    made.add_argument(
        "--pictures", type=Path, metavar="FOLDER", help="take pictures of it, while people ring"
    )
    page = commands.add_parser("page", help="serve docs/examples/live.html, until ctrl-C")
    page.add_argument("--picture", type=Path, metavar="FILE", help="take a picture of it instead")
    playing = commands.add_parser("play", help="let people ring, and agents serve them")
    playing.add_argument("--calls-an-hour", type=_positive, default=120, metavar="N")
    playing.add_argument("--minutes", type=_positive, help="by default until ctrl-C")
    commands.add_parser("logs", help="the end of each log").add_argument(
        "part", nargs="?", choices=ALL
    )
    for name in ("kill", "start"):
        commands.add_parser(name, help=f"{name} one part").add_argument("part", choices=ALL)
    return parser


def _up(stack: Stack, _options: argparse.Namespace) -> None:
    stack.up()
    console.build(stack.tools)
    _summary(stack)


def _reset(stack: Stack, _options: argparse.Namespace) -> None:
    stack.reset()
    console.build(stack.tools)
    _summary(stack)


def _console(stack: Stack, options: argparse.Namespace) -> None:
    if options.check:
        console.check(stack.tools)
    elif options.pictures:
        console.take_pictures(stack, options.pictures)
    else:
        console.build(stack.tools)


def _down(stack: Stack, _options: argparse.Namespace) -> None:
    stack.down()
    say("the stack is down; its data stays")


def _summary(stack: Stack) -> None:
    print(f"Supabase   {stack.layout.url('gateway')}")
    print(f"Console    {stack.layout.url('web')}/console")
    print(f"Service    {stack.layout.url('web')}")
    print(f"Twilio     {stack.layout.url('twilio')} (simulated)")
    print(f"Variables  {stack.layout.env_file}")
    names = ", ".join(user.email for user in USERS)
    print(f"Users      {names}\n           password {stack.credentials.user_password}")


def _status(stack: Stack, _options: argparse.Namespace) -> None:
    for name in ALL:
        pid = stack.pid(name)
        state = f"process {pid}" if pid else "not running"
        print(f"{name:<10} port {stack.layout.port(name)}  {state}")


def _logs(stack: Stack, options: argparse.Namespace) -> None:
    parts = [options.part] if options.part else list(ALL)
    for name in parts:
        path = stack.layout.logs / f"{name}.log"
        if path.exists():
            lines = path.read_text(errors="replace").splitlines()[-30:]
            print(f"== {path}", *lines, sep="\n")


def _watch(stack: Stack, _options: argparse.Namespace) -> None:
    stack.access_token(SUPERVISOR)  # or says what to do
    with shown(stack, lambda line: print(line, flush=True)), suppress(KeyboardInterrupt):
        threading.Event().wait()


def _page(stack: Stack, options: argparse.Namespace) -> None:
    stack.access_token(SUPERVISOR)  # or says what to do
    if options.picture:
        take_picture(stack, options.picture)
        return
    with serving(stack) as url:
        print(f"{url} for supervisor@demo.local, or agente1@demo.local and others: password")
        print(stack.credentials.user_password, flush=True)
        threading.Event().wait()


def _play(stack: Stack, options: argparse.Namespace) -> None:
    stack.up()
    for ending in (signal.SIGTERM, signal.SIGHUP):  # everybody hangs up then, too
        signal.signal(ending, signal.default_int_handler)
    play(stack, options.calls_an_hour, options.minutes)


def _positive(text: str) -> float:
    if (value := float(text)) <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return value


def _env(stack: Stack, _options: argparse.Namespace) -> None:
    print(stack.layout.env_file)


if __name__ == "__main__":
    sys.exit(main())
