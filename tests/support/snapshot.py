"""What a database holds, as plain values that can be compared."""

from __future__ import annotations

from typing import Any

import psycopg

from supacron.live.read import FINGERPRINT_KEY
from tests.support.database import Database

# What the collector changes by itself, every minute.
VOLATILE = {"runtime": {"collected_runid", "collected_at"}}
# What differs between two applies of the same definitions on two databases.
INDIVIDUAL = {"id", "jobid", "job_id", "apply_id", "fingerprint", "since", "until", "queue"}


def state(connection: psycopg.Connection) -> dict[str, list[dict[str, Any]]]:
    """cron.job, Vault's values and every table of supacron but what the collector keeps, row by row."""
    with connection.transaction():
        content = {"cron.job": _rows(connection, "cron.job")}
        secrets = "(select name, decrypted_secret, description from vault.decrypted_secrets)"
        content["vault"] = _rows(connection, secrets)
        for name in tables(connection, "supacron"):
            if name not in ("run", "watch"):
                hidden = VOLATILE.get(name, set())
                found = _rows(connection, f"supacron.{name}")
                content[name] = [{key: row[key] for key in row if key not in hidden} for row in found]
    return content


def meaning(content: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    """`content` without the numbers, times and random keys that differ between two applies of the same definitions."""
    plain: dict[str, list[str]] = {}
    for table, rows in content.items():
        kept = [
            {key: value for key, value in row.items() if key not in INDIVIDUAL and not key.endswith("_at")}
            for row in rows
            if row.get("name") != FINGERPRINT_KEY or table != "vault"
        ]
        if table != "release":
            plain[table] = sorted(str(row) for row in kept)
    return plain


def releases(connection: psycopg.Connection) -> int:
    row = connection.execute("select count(*) from supacron.release").fetchone()
    assert row is not None
    return int(row[0])


def tables(connection: psycopg.Connection, schema: str) -> list[str]:
    query = "select relname from pg_class where relnamespace = to_regnamespace(%s) and relkind = 'r' order by 1"
    return [name for (name,) in connection.execute(query, [schema])]


def row_versions(database: Database) -> dict[str, list[str]]:
    """Every row of every table with its xmin and place: any write at all changes it.

    Left out is what others write: pg_cron's history, the collector's rows, and the server's own upkeep.
    """
    query = """
        select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and not c.relisshared and n.nspname not like 'pg\\_t%'
    """
    others = {
        "cron.job_run_details",
        "supacron.run",
        "supacron.watch",
        "supacron.runtime",
        "pg_catalog.pg_statistic",
        "pg_catalog.pg_class",
    }
    versions = {}
    with database.superuser() as connection:
        for name in sorted({name for (name,) in connection.execute(query)} - others):
            found = connection.execute(f"select xmin::text || '/' || ctid::text from only {name}".encode())
            versions[name] = sorted(value for (value,) in found)
    return versions


def catalogue(connection: psycopg.Connection) -> dict[str, list[str]]:
    """Every object of the database by name, and how many rows each user table holds."""
    objects = connection.execute(
        "select pg_describe_object(classid, objid, 0) from ("
        " select distinct classid, objid from pg_depend where objid >= 16384"
        " union select distinct classid, objid from pg_shdepend"
        "   where dbid = (select oid from pg_database where datname = current_database())"
        " union select 'pg_namespace'::regclass, oid from pg_namespace where nspname !~ '^pg_(toast_)?temp'"
        " union select 'pg_class'::regclass, oid from pg_class where relpersistence <> 't'"
        " union select 'pg_proc'::regclass, oid from pg_proc) o (classid, objid)"
    ).fetchall()
    query = """
        select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_t%'
    """
    counts = []
    for (name,) in connection.execute(query).fetchall():
        row = connection.execute(f"select count(*) from {name}".encode()).fetchone()
        assert row is not None
        counts.append(f"{name}: {row[0]}")
    privileges = connection.execute("select nspname || coalesce(nspacl::text, '') from pg_namespace").fetchall()
    return {
        "objects": sorted(name for (name,) in objects if name and "pg_toast" not in name),
        "rows": sorted(counts),
        "privileges": sorted(text for (text,) in privileges if not text.startswith(("pg_temp", "pg_toast_temp"))),
    }


def every_text(connection: psycopg.Connection) -> dict[str, str]:
    """The whole content of every table and materialised view as text, to search in."""
    query = """
        select quote_ident(n.nspname) || '.' || quote_ident(c.relname)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'm', 'p') and n.nspname not like 'pg\\_t%'
    """
    content = {}
    for (name,) in connection.execute(query).fetchall():
        rows = connection.execute(f"select t::text from {name} t".encode()).fetchall()
        content[name] = "\n".join(text for (text,) in rows)
    return content


def _rows(connection: psycopg.Connection, source: str) -> list[dict[str, Any]]:
    query = f"select to_jsonb(t) from {source} t order by to_jsonb(t)::text"
    return [row for (row,) in connection.execute(query.encode())]
