"""`make demo`: sets everything up, plays two calls while a supervisor's wallboard shows them, and
says what the call centre knows of them."""

from __future__ import annotations

import sys

from devstack import console
from devstack.demo.report import LISTENER, Report
from devstack.demo.story import AGENT, play
from devstack.layout import ROOT, DevstackError
from devstack.progress import say
from devstack.stack import Stack
from devstack.watch.show import shown


def main() -> int:
    """Run the demonstration; 0 if every call ended as it should."""
    stack = Stack()
    try:
        stack.up()
        console.build(stack.tools)
        say("two customers ring; this takes about half a minute")
        with shown(stack, say):
            story = play(stack)
        report = Report.of(stack, story)
    except (DevstackError, TimeoutError) as error:
        print(f"\n{error}\nThe logs: `.venv/bin/python -m devstack logs`", file=sys.stderr)
        return 1
    path = report.write()
    report.show()
    print(f"\nThe same as JSON: {path.relative_to(ROOT)}")
    print("The stack goes on running: `make status` says where, `make down` ends it.")
    print("More of it: `.venv/bin/python -m devstack play`, and beside it `… -m devstack watch`.")
    print(f"\nThe console: {stack.layout.url('web')}/console")
    print(f"  the password of both is {stack.credentials.user_password}")
    print(f"  {AGENT} is an agent: be available, and answer whom this lets ring:")
    print(f"  `.venv/bin/python -m devstack play --me {AGENT}`")
    print(f"  {LISTENER} is a supervisor, and sees it on the wall")
    for fault in report.faults():
        print(f"✗ {fault}", file=sys.stderr)
    return 1 if report.faults() else 0


sys.exit(main())
