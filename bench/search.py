"""Contact search among a million: the function, and the frontend's own query on the table."""

from __future__ import annotations

from functools import partial

from bench.data import LONG
from bench.measure import Result, compare
from bench.scratch import AGENT, Databases

FUNCTION = "select * from public.search_contacts(%s)"
ON_THE_TABLE = """
select * from public.crm_contacts
where phone_number ilike '%zapata%' or email ilike '%zapata%'
  or first_name ilike '%zapata%' or last_name ilike '%zapata%'
limit 20
"""
# Part of a number, of an e-mail address, of a name; a name that many have; one letter and two.
QUERIES = {
    "part of a number": "0456781",
    "part of an address": "rojas00d9777",
    "rare name": "zapata",
    "common name": "gómez",
    "two letters": "qx",
    "one letter": "a",
}


def measure(databases: Databases) -> list[Result]:
    """As an agent; a sequential scan is the same query with indexes off."""
    million = databases.of(LONG)
    agent, scanning = million.signed_in(AGENT), million.signed_in(AGENT)
    for way in ("indexscan", "bitmapscan", "indexonlyscan"):
        scanning.connection.execute(f"set enable_{way} = off".encode())
    whole = partial(scanning.run, ON_THE_TABLE)
    results = []
    for kind, query in QUERIES.items():
        results.append(
            compare(
                f"search_contacts: {kind}", "1,000,000 contacts, against a sequential scan",
                partial(agent.run, FUNCTION, query), whole, target=1 / 50, runs=9, b_runs=3,
            )
        )  # fmt: skip
    on_the_table = partial(agent.run, ON_THE_TABLE)
    results.append(
        compare(
            "query on the table: rare name", "for information: under RLS it is a scan",
            on_the_table, whole, target=None, runs=3,
        )
    )  # fmt: skip
    return results
