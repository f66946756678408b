"""supacron.trigger: a role that a job names may run it, and may do nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import errors

from supacron.model.desired import Desired, DesiredJob
from tests.support.database import Database
from tests.support.receiver import Receiver
from tests.support.stacks import apply_here, destroy_here, http_job, secret, stack

pytestmark = pytest.mark.slow

GRANTED = """
select r.rolname::text
from pg_roles r
where not r.rolsuper and r.rolname <> 'postgres' and r.rolname not like 'pg\\_%'
    and has_schema_privilege(r.oid, 'supacron', 'usage')
    and has_function_privilege(r.oid, 'supacron.trigger(text, jsonb)', 'execute')
"""


def job(url: str = "http://127.0.0.1:9/", roles: tuple[str, ...] = (), **fields: Any) -> DesiredJob:
    return http_job(url, schedule="0 0 1 1 *", **fields).model_copy(update={"trigger_roles": roles})


def jobs(receiver: Receiver) -> Desired:
    return stack(
        {
            "report": job(f"{receiver.url}/report", ("authenticated", "support")),
            "other": job(f"{receiver.url}/other", ("support",)),
            "keyed": job(f"{receiver.url}/keyed", ("authenticated",), auth="key"),
            "idle": job(roles=("authenticated",), enabled=False),
            "mine": job(),
        },
        {"key": secret("supacron/main/key")},
    )


@pytest.fixture
def applied(database: Database, receiver: Receiver) -> Desired:
    with database.superuser() as superuser:
        superuser.execute("create role support; create role helper login; grant support to helper")
    desired = jobs(receiver)
    apply_here(database, desired, {"key": "value-of-the-key"})
    return desired


@contextmanager
def as_role(database: Database, role: str, **claims: Any) -> Iterator[psycopg.Connection]:
    """As PostgREST does it: the session is another role's."""
    with psycopg.connect(database.url) as connection:
        if claims:
            connection.execute("select set_config('request.jwt.claims', %s, true)", [json.dumps(claims)])
        connection.execute(f"set local role {role}".encode())
        yield connection


def trigger(connection: psycopg.Connection, name: str, body: Any = None) -> Any:
    row = connection.execute("select supacron.trigger(%s, %s)", [name, None if body is None else json.dumps(body)])
    return row.fetchone()[0]  # type: ignore[index]


@pytest.mark.usefixtures("applied")
def test_a_role_that_a_job_names_runs_it(database: Database, receiver: Receiver) -> None:
    with as_role(database, "authenticated", sub="4711") as caller:
        first = trigger(caller, "report", {"team": 7})
        assert first["state"] == "waiting"
        assert trigger(caller, "report")["state"] == "skipped"
    (request,) = receiver.wait_for(1)
    assert json.loads(request.body) == {"batch_size": 20, "team": 7}
    with database.connect() as connection:
        rows = connection.execute(
            "select id, trigger, requested_by, body, outcome from supacron.run order by id"
        ).fetchall()
    assert rows[0][:4] == (first["run"], "manual", "authenticated, sub 4711", {"batch_size": 20, "team": 7})
    assert rows[1][4] == "skipped"
    # A member of a role, who is logged in as such; and claims that are none.
    with psycopg.connect(database.superuser_url) as session:
        session.execute("set session authorization helper")
        session.execute("set request.jwt.claims to 'none'")
        assert trigger(session, "other")["state"] == "waiting"
    with database.connect() as connection:
        assert connection.execute("select requested_by from supacron.run order by id desc limit 1").fetchone() == (
            "helper",
        )


@pytest.mark.usefixtures("applied")
def test_it_may_do_nothing_else(database: Database) -> None:
    with database.connect() as owner:
        owner.execute(
            "create function public.wrapper() returns jsonb language sql security definer"
            " as $$ select supacron.trigger('report') $$; grant execute on function public.wrapper to anon"
        )
        callable_ = owner.execute(
            "select p.proname::text from pg_proc p where p.pronamespace = 'supacron'::regnamespace"
            " and has_function_privilege('authenticated', p.oid, 'execute')"
        ).fetchall()
        assert callable_ == [("trigger",)]
        seen = owner.execute(
            "select c.oid::regclass from pg_class c where c.relnamespace = 'supacron'::regnamespace and case c.relkind"
            " when 'S' then has_sequence_privilege('authenticated', c.oid, 'usage, select, update')"
            " when 'i' then false"
            " else has_table_privilege('authenticated', c.oid, 'select, insert, update, delete') end"
        ).fetchall()
        assert seen == []
    with as_role(database, "authenticated") as caller:
        messages = []
        for name in ("mine", "other", "no such job"):
            with pytest.raises(errors.InsufficientPrivilege) as error, caller.transaction():
                trigger(caller, name)
            messages.append(str(error.value.diag.message_primary).replace(name, "NAME"))
        assert set(messages) == {'supacron: authenticated may not trigger "NAME"'}
        for query in (
            "select supacron.trigger_job('report', 'me', null)",
            "select supacron.call('report')",
            "select from supacron.run",
            "update supacron.job set trigger_roles = '[\"authenticated\"]'",
            "create table supacron.mine ()",
            "set local role support",
        ):
            with pytest.raises(errors.InsufficientPrivilege), caller.transaction():
                caller.execute(query.encode())
    with as_role(database, "anon") as caller:
        with pytest.raises(errors.InsufficientPrivilege, match="schema supacron"), caller.transaction():
            trigger(caller, "report")
        # Not through somebody else's function either: what counts is who calls.
        with pytest.raises(errors.InsufficientPrivilege, match="anon may not trigger"):
            caller.execute("select public.wrapper()")


@pytest.mark.usefixtures("applied")
def test_what_holds_for_each_run_holds_here(database: Database) -> None:
    with database.connect() as owner:
        owner.execute("insert into supacron.pause select id, 'Ada', 'why' from supacron.job where name = 'report'")
    with as_role(database, "authenticated") as caller:
        for name in ("report", "idle"):
            with (
                pytest.raises(errors.ObjectNotInPrerequisiteState, match="does not run at present"),
                caller.transaction(),
            ):
                trigger(caller, name)
        with pytest.raises(errors.InvalidParameterValue, match="looks like a secret"), caller.transaction():
            trigger(caller, "keyed", {"note": "it is value-of-the-key"})
    with database.connect() as owner:
        owner.execute("delete from supacron.pause")
        owner.execute("update supacron.stack set stopped_at = now()")
    with as_role(database, "authenticated") as caller, pytest.raises(errors.ObjectNotInPrerequisiteState):
        trigger(caller, "report")
    with database.connect() as owner:
        owner.execute("update supacron.stack set stopped_at = null")
        owner.execute("delete from vault.secrets")
    # What is missing is recorded, and not told to whoever pressed the button.
    with as_role(database, "authenticated") as caller:
        failed = trigger(caller, "keyed")
        assert failed["state"] == "failed"
    with database.connect() as owner:
        outcome, error = owner.execute(
            "select outcome, error from supacron.run where id = %s", [failed["run"]]
        ).fetchone()  # type: ignore[misc]
    assert (outcome, 'secret "key"' in error) == ("failed", True)


def test_the_grants_follow_the_definitions(applied: Desired, database: Database) -> None:
    def granted() -> list[str]:
        with database.connect() as connection:
            return sorted(name for (name,) in connection.execute(GRANTED.encode()))

    assert granted() == ["authenticated", "helper", "support"]
    assert not apply_here(database, applied, {"key": "value-of-the-key"}).wrote
    second = stack({"theirs": job(roles=("service_role", "authenticated"))}, name="second")
    apply_here(database, second)
    assert granted() == ["authenticated", "helper", "service_role", "support"]
    fewer = applied.model_copy(update={"jobs": {"other": job()}})
    done = apply_here(database, fewer, {"key": "value-of-the-key"})
    assert next(str(change) for change in done.plan.changes) == "~ runtime trigger grants"
    # The other stack's job names them.
    assert granted() == ["authenticated", "service_role"]
    assert not apply_here(database, second).wrote

    with database.connect() as connection:
        connection.execute("grant execute on function supacron.trigger to anon, support")
        connection.execute("revoke usage on schema supacron from authenticated")
    changes = [str(change) for change in apply_here(database, second).plan.changes]
    assert changes[0].startswith(
        "~ runtime supacron (changed outside: grants on function supacron.trigger(text,jsonb), "
    )
    assert changes[0].endswith("grants on schema supacron) [drift]")
    assert granted() == ["authenticated", "service_role"]
    with database.connect() as connection:
        assert connection.execute(
            "select has_function_privilege(name, 'supacron.trigger(text, jsonb)', 'execute')"
            " from unnest(array['anon', 'support']) name"
        ).fetchall() == [(False,), (False,)]
    assert not apply_here(database, fewer, {"key": "value-of-the-key"}).wrote

    destroy_here(database, second)
    assert granted() == []
    # What a destroy took back is no drift.
    assert not apply_here(database, fewer, {"key": "value-of-the-key"}).wrote
