"""Errors of the server, in words and without a trace in the database."""

from __future__ import annotations

import psycopg
import pytest

from supacron.errors import SupacronError
from tests.support.database import Database
from tests.support.snapshot import releases, state
from tests.support.stacks import Notes, apply_here, destroy_here, http_job, run_supacron, secret, sql_job, stack

pytestmark = pytest.mark.slow

DESIRED = stack({"a": http_job(auth="key")}, {"key": secret("supacron/main/key")})
VALUES = {"key": "value"}


def add_trigger(database: Database, table: str, body: str, *, deferred: bool = False) -> None:
    kind = "constraint trigger" if deferred else "trigger"
    when = "after insert on {} deferrable initially deferred" if deferred else "before insert on {}"
    with database.superuser() as superuser:
        superuser.execute(
            "create schema obstacle; create sequence obstacle.turns;"
            " create function obstacle.act() returns trigger language plpgsql security definer as"
            f" $$ begin {body}; return new; end $$".encode()
        )
        superuser.execute(
            f"create {kind} act {when.format(table)} for each row execute function obstacle.act()".encode()
        )


def test_a_role_without_rights(database: Database) -> None:
    with database.superuser() as superuser:
        superuser.execute("create role visitor login password 'visitor'")
    url = database.url.replace("postgres:postgres@", "visitor:visitor@")
    finished = run_supacron(["apply"], DESIRED, url, VALUES)
    assert finished.code == 1
    assert "could not read the database: permission denied for" in finished.output
    assert "On Supabase connect as `postgres`" in finished.output
    assert "Traceback" not in finished.output


def test_a_statement_that_takes_too_long(database: Database, connection: psycopg.Connection) -> None:
    apply_here(database, DESIRED, VALUES)
    before = state(connection)
    add_trigger(
        database,
        "supacron.job",
        "raise exception using errcode = 'query_canceled', message = 'canceling statement due to statement timeout'",
    )
    with pytest.raises(SupacronError, match=r"could not create jobs: canceling statement .*\(SQLSTATE 57014\)"):
        apply_here(database, stack({"b": sql_job()}))
    assert state(connection) == before


def test_a_lock_that_somebody_holds(database: Database, connection: psycopg.Connection) -> None:
    """Every statement that waits for a lock gives up after a while: here at once."""
    apply_here(database, DESIRED, VALUES)
    before = state(connection)
    add_trigger(
        database,
        "supacron.release",
        "perform set_config('lock_timeout', '50ms', true); lock table supacron.pause in access exclusive mode",
    )
    with database.connect(autocommit=False) as holder:
        holder.execute("lock table supacron.pause in access share mode")
        with pytest.raises(
            SupacronError, match=r"could not record the release: canceling statement due to lock timeout"
        ):
            apply_here(database, stack({"b": sql_job()}))
    assert state(connection) == before


def test_the_limits_that_every_apply_sets(database: Database, connection: psycopg.Connection) -> None:
    apply_here(database, DESIRED, VALUES)
    connection.execute("create table public.limits (name text, setting text)")
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    add_trigger(
        database,
        "supacron.release",
        "insert into public.limits select s.name, s.setting from pg_settings s where s.name = any("
        f"'{{{','.join(names)}}}')",
    )
    apply_here(database, stack({"b": sql_job()}))
    limits = connection.execute("select name, setting from public.limits").fetchall()
    assert set(limits) == set(zip(names, ("120000", "20000", "120000"), strict=True))


def test_a_failure_at_commit(database: Database, connection: psycopg.Connection) -> None:
    apply_here(database, DESIRED, VALUES)
    before = state(connection)
    add_trigger(database, "supacron.release", "raise exception 'too late'", deferred=True)
    with pytest.raises(SupacronError, match=r"could not commit: too late .* Nothing was written"):
        apply_here(database, stack({"b": sql_job()}))
    assert state(connection) == before


@pytest.mark.parametrize(("failures", "recovers"), [(1, True), (2, True), (3, False)])
def test_a_serialisation_failure_is_tried_again(
    database: Database, connection: psycopg.Connection, failures: int, recovers: bool
) -> None:
    apply_here(database, DESIRED, VALUES)
    # A sequence is not rolled back: it counts the attempts.
    add_trigger(
        database,
        "supacron.release",
        f"if nextval('obstacle.turns') <= {failures} then"
        " raise exception 'could not serialize access' using errcode = 'serialization_failure'; end if",
    )
    notes = Notes()
    if recovers:
        assert apply_here(database, stack({"b": sql_job()}), notes=notes).wrote
    else:
        with pytest.raises(SupacronError, match="could not finish the transaction: could not serialize access"):
            apply_here(database, stack({"b": sql_job()}), notes=notes)
    assert releases(connection) == (2 if recovers else 1)
    tries = [f"other work got in the way; trying again ({number} of 2)" for number in (1, 2)]
    assert notes.notices == tries[:failures]


def test_a_runtime_that_somebody_damaged(database: Database, connection: psycopg.Connection) -> None:
    """Dropped functions are put back by an apply, and do not stand in the way of a destroy."""
    apply_here(database, DESIRED, VALUES)
    connection.execute("drop function supacron.collect(); drop view supacron.job_status")
    (change,) = apply_here(database, DESIRED).plan.changes
    assert change.drift
    assert change.note.startswith("changed outside: function supacron.collect(), grants on function supacron.collect()")
    connection.execute("drop function supacron.collect()")
    assert destroy_here(database, DESIRED, with_data=True)
    assert connection.execute("select to_regnamespace('supacron')").fetchone() == (None,)
