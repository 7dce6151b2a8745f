"""What the schema is, as text: tables, views, functions and who may use them, from the catalogue.

Two databases of the same schema give the same text, whatever way they came to it. Left out is what
is not ours: profiles, and functions in public that no migration makes. `make schema` runs this file
to write tests/schema.sql anew from the test stack.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

from devstack.testing import running_stack

SNAPSHOT = Path(__file__).parent.parent / "schema.sql"

OUR_TABLES = (
    "call_center_agents", "crm_contacts", "call_records", "ivr_scripts", "call_queues",
    "voicemails", "call_notes",
)  # fmt: skip
HEADER = """\
-- The schema as the migrations make it, for reading and for review. Not run by anything.
-- Written by `make schema`; a test compares it with the database. Functions without their bodies.
"""
RELATIONS = """
select c.oid, c.relkind, format('%%I.%%I', nspname, relname) as name, relname,
  c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.reloptions, relacl::text[] as acl,
  obj_description(c.oid, 'pg_class') as comment
from pg_class c join pg_namespace n on n.oid = relnamespace
where relkind in ('r', 'p', 'v', 'm', 'S') and (nspname = 'private'
  or (nspname = 'public' and (relkind in ('v', 'm') or relname = any (%s))))
order by nspname desc, relkind, relname
"""
COLUMNS = """
select format('%%I %%s', attname, format_type(atttypid, atttypmod))
    || coalesce(' collate ' || nullif(nullif(attcollation, t.typcollation), 0)::regcollation, '')
    || case attgenerated when 's' then ' generated always as (' || pg_get_expr(adbin, adrelid)
      || ') stored' else coalesce(' default ' || pg_get_expr(adbin, adrelid), '') end
    || case attidentity when '' then '' else ' identity ' || attidentity::text end
    || case when attnotnull then ' not null' else '' end
    || coalesce(' ' || attacl::text, '')
    || coalesce(' -- ' || col_description(attrelid, attnum), '') as text
from pg_attribute a join pg_type t on t.oid = atttypid
left join pg_attrdef on adrelid = attrelid and adnum = attnum
where attrelid = %s and attnum > 0 and not attisdropped order by attnum
"""
CONSTRAINTS = """
select format('constraint %%I %%s', conname, pg_get_constraintdef(oid)) as text
from pg_constraint where conrelid = %s and contype <> 't' order by contype, conname
"""
INDEXES = """
select pg_get_indexdef(indexrelid) || case when indisvalid then '' else ' -- invalid' end as text
from pg_index i where indrelid = %s and not exists
  (select 1 from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u', 'x'))
order by indexrelid::regclass::text
"""
TRIGGERS = """
select pg_get_triggerdef(oid) || case tgenabled when 'O' then '' else ' -- ' || tgenabled::text end
  as text
from pg_trigger where tgrelid = %s and not tgisinternal order by tgname
"""
POLICIES = """
select format('policy %%I for %%s to %%s', polname, polcmd,
    (select string_agg(rolname, ', ' order by rolname) from pg_roles where oid = any (polroles)))
  || coalesce(E'\\n  using ' || pg_get_expr(polqual, polrelid), '')
  || coalesce(E'\\n  with check ' || pg_get_expr(polwithcheck, polrelid), '') as text
from pg_policy where polrelid = %s order by polname
"""
FUNCTIONS = """
select format('%%s %%I.%%I(%%s)', case prokind when 'p' then 'procedure' else 'function' end,
    nspname, proname, pg_get_function_arguments(p.oid))
  || coalesce(' returns ' || pg_get_function_result(p.oid), '')
  || ' ' || lanname || ' ' || case provolatile when 'i' then 'immutable' when 's' then 'stable'
    else 'volatile' end
  || case when prosecdef then ' security definer' else '' end
  || case when proisstrict then ' strict' else '' end
  || case proparallel when 's' then ' parallel safe' else '' end
  || coalesce(' set ' || array_to_string(proconfig, ' '), '') as text,
  pg_get_functiondef(p.oid) as body, proacl::text[] as acl
from pg_proc p join pg_namespace n on n.oid = pronamespace join pg_language l on l.oid = prolang
where nspname = 'private' or (nspname = 'public' and proname <> 'check_is_admin'
  and not proname = any (%s))
order by nspname desc, proname, pg_get_function_arguments(p.oid)
"""
PUBLICATIONS = """
select format('publication %%I has %%I.%%I', pubname, schemaname, tablename) as text
from pg_publication_tables where schemaname in ('public', 'private')
  and tablename <> 'profiles' order by 1
"""
SCHEMAS = "select nspacl::text[] as acl from pg_namespace where nspname = 'private'"


def dump(
    db: psycopg.Connection[dict[str, Any]], *, bodies: bool, ignored_functions: Iterable[str] = ()
) -> str:
    """The schema as text; with bodies it differs wherever a function does."""

    def texts(query: str, *values: object) -> list[str]:
        return [row["text"] for row in db.execute(query, values)]

    parts = [HEADER, "schema private", *_acl(db.execute(SCHEMAS).fetchone())]
    for relation in db.execute(RELATIONS, [list(OUR_TABLES)]).fetchall():
        parts += ["", *_relation(relation)]
        oid = relation["oid"]
        parts += [f"  {text}" for text in texts(COLUMNS, oid)]
        if relation["relkind"] in "vm":
            definition = db.execute("select pg_get_viewdef(%s::oid) as text", [oid]).fetchone()
            parts += [definition["text"] if definition else ""]
        for query in (CONSTRAINTS, INDEXES, TRIGGERS, POLICIES):
            parts += [f"  {text}" for text in texts(query, oid)]
        parts += _acl(relation)
    parts.append("")
    for function in db.execute(FUNCTIONS, [list(ignored_functions)]).fetchall():
        parts += [function["text"], *_acl(function)]
        parts += [function["body"]] if bodies else []
    return "\n".join([*parts, "", *texts(PUBLICATIONS), ""])


def _relation(relation: dict[str, Any]) -> list[str]:
    kind = {"r": "table", "p": "partitioned table", "v": "view", "m": "materialized view"}
    flags = [
        "row level security" if relation["relrowsecurity"] else "",
        "forced" if relation["relforcerowsecurity"] else "",
        "" if relation["relreplident"] in "dn" else f"replica identity {relation['relreplident']}",
        " ".join(sorted(relation["reloptions"] or [])),
    ]
    name = f"{kind.get(relation['relkind'], 'sequence')} {relation['name']}"
    comment = [f"  -- {relation['comment']}"] if relation["comment"] else []
    return [" ".join([name, *filter(None, flags)]), *comment]


def _acl(row: dict[str, Any] | None) -> list[str]:
    """Who has which privileges; the owner has all of them whether or not it is written down."""
    grants = [grant for grant in (row and row["acl"]) or [] if not grant.startswith("postgres=")]
    if row and row["acl"] is None and "body" in row:
        grants = ["=X/postgres"]
    return [f"  grant {grant}" for grant in sorted(grants)]


def snapshot(url: str) -> str:
    """The schema of a database, without the functions' bodies."""
    with psycopg.connect(url, row_factory=dict_row) as db:
        return dump(db, bodies=False)


if __name__ == "__main__":
    SNAPSHOT.write_text(snapshot(running_stack().env["DATABASE_URL"]))
