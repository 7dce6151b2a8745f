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
    print("\nTo try it yourself:")
    print("  1. `.venv/bin/python -m devstack play`, in a terminal of its own: people ring")
    print(f"  2. open {stack.layout.url('web')}/console")
    print(f"  3. sign in as {AGENT}, password {stack.credentials.user_password}")
    print("  4. be available (Cambiar estado, Disponible), and answer (Contestar) whoever rings")
    print(f"  5. in another browser window, {LISTENER} sees it on the wall, same password")
    for fault in report.faults():
        print(f"✗ {fault}", file=sys.stderr)
    return 1 if report.faults() else 0


sys.exit(main())
