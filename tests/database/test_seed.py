"""The seed finds everybody an extension, whatever extensions there are already."""

from __future__ import annotations

import pytest

from devstack.layout import ROOT
from tests.database.switchboard import Switchboard

SEED = (ROOT / "seed" / "quickstart.sql").read_bytes()


@pytest.mark.parametrize("taken", ["1001", "1999", "2000", "01001", "1001a", "9223372036854775807"])
def test_an_employee_gets_an_extension_that_nobody_has(board: Switchboard, taken: str) -> None:
    board.rows("delete from public.call_center_agents where extension = %s", taken)
    board.agent("offline", extension=taken)
    for email in ("one@seed.test", "two@seed.test"):
        board.rows("insert into auth.users (email) values (%s)", email)
        board.db.execute(SEED)
    newcomers = board.rows(
        "select a.extension from public.call_center_agents a join auth.users u on u.id = a.user_id"
        " where u.email like '%%@seed.test'"
    )
    extensions = {row["extension"] for row in newcomers}
    assert len(extensions) == 2
    assert taken not in extensions
