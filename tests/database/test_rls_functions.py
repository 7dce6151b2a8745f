"""Functions and views: which role may run or read which, from the catalogue and over the API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.database.people import People

ROLES = ("anon", "outsider", "agent", "supervisor", "gerente")
# The API role that a person acts as.
API_ROLES = ("anon", "authenticated", "service_role")
# Of our functions in public, those for signed-in users.
FOR_BROWSERS = (
    "agent_day",
    "call_routing",
    "check_ivr_script",
    "ivr_script_usage",
    "walk_ivr_script",
    "directory",
    "pending_work",
    "agents_for_load",
    "desk",
    "import_contacts",
    "load_with_agents",
    "merge_contacts",
    "search_contacts",
    "set_targets",
    "today_by_quarter",
    "wallboard",
)


def public_functions(people: People) -> list[dict[str, Any]]:
    """Ours in public, each with its argument names; trigger functions can't be called at all."""
    query = """
        select proname as name, coalesce(proargnames[1:pronargs], '{}') as arguments,
          oid::regprocedure::text as signature
        from pg_proc
        where pronamespace = 'public'::regnamespace and prorettype <> 'trigger'::regtype
        order by 1
    """
    return people.db.execute(query).fetchall()


def may_run(people: People, role: str, signature: str) -> bool:
    query = "select has_function_privilege(%s, %s, 'execute') as may"
    row = people.db.execute(query, [role, signature]).fetchone()
    assert row
    return bool(row["may"])


@pytest.mark.parametrize("role", ROLES)
def test_browsers_run_no_function_of_the_service(role: str, people: People) -> None:
    functions = public_functions(people)
    assert len(functions) > 10
    for function in functions:
        if role != "anon" and function["name"] in FOR_BROWSERS:
            continue
        path, body = f"/rpc/{function['name']}", dict.fromkeys(function["arguments"])
        answer = people.api(role).post(path, json=body)
        assert answer.status_code == (401 if role == "anon" else 403), (path, answer.text)


def test_the_service_runs_every_function(people: People) -> None:
    refused = [
        function["name"]
        for function in public_functions(people)
        if function["name"] != "check_is_admin"
        and not may_run(people, "service_role", function["signature"])
    ]
    assert refused == []


def test_private_functions_are_run_by_signed_in_users_only_where_policies_need_them(
    people: People,
) -> None:
    query = """
        select distinct proname::text as name from pg_proc, unnest(%s::text[]) as role
        where pronamespace = 'private'::regnamespace
          and has_function_privilege(role, pg_proc.oid, 'execute')
    """
    rows = people.db.execute(query, [["anon", "authenticated"]]).fetchall()
    assert {row["name"] for row in rows} <= (
        ANSWERS_ABOUT_ONESELF | MADE_FOR_BROWSERS | functions_of_views(people)
    )


def functions_of_views(people: People) -> set[str]:
    """What views are made of, which run as their readers: sums and the time, nobody's data."""
    query = """
        select distinct proname::text as name from pg_depend
        join pg_rewrite on classid = 'pg_rewrite'::regclass and objid = pg_rewrite.oid
        join pg_proc on refclassid = 'pg_proc'::regclass and refobjid = pg_proc.oid
        join pg_class on pg_class.oid = ev_class
        where relnamespace = 'public'::regnamespace
    """
    return {row["name"] for row in people.db.execute(query)}


# What FOR_BROWSERS is made of, arithmetic; and the words that a contact is found by, which whoever
# writes one evaluates for the index.
MADE_FOR_BROWSERS = {"erlangs", "erlang_b", "erlang_c", "contact_words", "fold_words"}
# What policies ask: each tells users only of themselves.
ANSWERS_ABOUT_ONESELF = {
    "is_admin",
    "my_agent_id",
    "my_queue_ids",
    "my_recent_calls",
    "may_listen",
    "lowest_id_as_admin",
    "highest_id_as_admin",
    "sees_everything",
}


def test_nobody_reaches_private_tables_but_to_read_what_a_policy_shows(people: People) -> None:
    query = """
        select relname::text || ' ' || role || ' ' || privilege as hole
        from pg_class, unnest(%s::text[]) as role,
          unnest(array['select', 'insert', 'update', 'delete']) as privilege
        where relnamespace = 'private'::regnamespace and relkind = 'r'
          and case privilege when 'delete' then has_table_privilege(role, pg_class.oid, privilege)
            else has_any_column_privilege(role, pg_class.oid, privilege) end
          and not (privilege = 'select' and role <> 'anon' and relrowsecurity)
    """
    assert people.db.execute(query, [list(API_ROLES)]).fetchall() == []


def test_anon_has_no_grant_on_anything_of_ours(people: People) -> None:
    query = """
        select relname::text from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'S', 'p')
          and has_table_privilege('anon', oid, 'select, insert, update, delete, truncate')
    """
    assert people.db.execute(query).fetchall() == []


def test_functions_run_with_an_empty_search_path(people: People) -> None:
    query = """
        select oid::regprocedure::text as name from pg_proc
        where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
          and not coalesce(proconfig @> array['search_path=""'], false)
    """
    assert people.db.execute(query).fetchall() == []


@pytest.mark.parametrize(
    ("role", "rows"),
    [
        ("outsider", 0),
        ("agent", 0),
        ("other", 0),
        ("supervisor", 1),
        ("gerente", 1),
        ("service", 1),
    ],
)
def test_the_stats_view_has_its_row_for_supervisors(role: str, rows: int, people: People) -> None:
    answer = people.api(role).get("/call_center_stats")
    assert (answer.status_code, len(answer.json())) == (200, rows)


def test_the_stats_view_is_closed_to_anon(people: People) -> None:
    assert people.api("anon").get("/call_center_stats").status_code == 401


@pytest.mark.parametrize("role", ["agent", "supervisor", "service"])
def test_the_stats_view_is_read_only(role: str, people: People) -> None:
    api = people.api(role)
    assert api.post("/call_center_stats", json={"agents_busy": 1}).is_error
    everything = {"agents_busy": "gte.0"}
    assert api.patch("/call_center_stats", params=everything, json={"agents_busy": 1}).is_error
    assert api.delete("/call_center_stats", params=everything).is_error
