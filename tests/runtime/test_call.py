"""supacron.call, trigger_job, request and secret_value: what leaves, and what must not."""

from __future__ import annotations

import json
from datetime import timedelta

import psycopg
import pytest
from psycopg import errors

from tests.runtime.runtime import Runtime
from tests.support.database import Database
from tests.support.receiver import Receiver
from tests.support.stacks import apply_here, secret, stack

pytestmark = pytest.mark.slow


TWO_KEYS = """
    with slot as (insert into supacron.secret (stack, name, vault_name) values ('main', 'other', 'supacron/main/other'))
    update supacron.job
    set auth = auth || '[
        {"secret": "other", "header": "apikey", "prefix": ""}, {"secret": "key", "header": "X-Again", "prefix": ""}
    ]'
    where name = 'http'
"""


def queued(runtime: Runtime) -> int:
    with runtime.database.connect() as connection:
        row = connection.execute("select count(*) from supacron.run").fetchone()
    assert row is not None
    return int(row[0])


def test_what_is_sent(runtime: Runtime, receiver: Receiver) -> None:
    assert runtime.one("select supacron.call('http')") == runtime.one("select max(id) from supacron.run")
    (request,) = receiver.wait_for(1)
    assert (request.method, request.path) == ("POST", "/http")
    assert json.loads(request.body) == {"batch_size": 20}
    assert request.headers["authorization"] == "Bearer value-of-the-key"
    assert request.headers["content-type"] == "application/json"


def test_a_job_without_a_secret_sends_none(runtime: Runtime, receiver: Receiver) -> None:
    runtime.connection.execute("select supacron.call('open')")
    (request,) = receiver.wait_for(1)
    assert "authorization" not in request.headers


def test_several_credentials_go_with_one_call(runtime: Runtime, receiver: Receiver) -> None:
    runtime.connection.execute(TWO_KEYS)
    runtime.connection.execute("select vault.create_secret('the other', 'supacron/main/other')")
    run = runtime.trigger()
    (request,) = receiver.wait_for(1)
    assert [request.headers[name] for name in ("apikey", "authorization", "x-again")] == [
        "the other",
        "Bearer value-of-the-key",
        "value-of-the-key",
    ]
    assert runtime.wait_for_outcome(run) == ("ok", 200, None)


def test_one_missing_credential_of_several_raises(runtime: Runtime) -> None:
    runtime.connection.execute(TWO_KEYS)
    with pytest.raises(errors.NoDataFound, match=r'secret "other" of stack "main" is missing'):
        runtime.trigger()
    assert queued(runtime) == 0


def test_a_call_decrypts_no_other_secret(runtime: Runtime, receiver: Receiver) -> None:
    """One that came with a dump of another project cannot be decrypted, and is no business of this job's."""
    runtime.connection.execute("select vault.create_secret('theirs', 'somebody-elses')")
    runtime.superuser.execute("update vault.secrets set nonce = '\\x00' where name = 'somebody-elses'")
    runtime.connection.execute("select supacron.call('http')")
    assert receiver.wait_for(1)[0].headers["authorization"] == "Bearer value-of-the-key"


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_methods(runtime: Runtime, receiver: Receiver, method: str) -> None:
    body = "'{}'::jsonb" if method == "POST" else "null"
    runtime.connection.execute(
        f"update supacron.job set method = '{method}', body = {body} where name = 'http'".encode()
    )
    run = runtime.trigger()
    assert receiver.wait_for(1)[0].method == method
    assert runtime.wait_for_outcome(run) == ("ok", 200, None)


def test_what_is_recorded(runtime: Runtime) -> None:
    scheduled, manual = runtime.one("select supacron.call('http')"), runtime.trigger(by="Ada")
    rows = runtime.all(
        "select id, trigger, requested_by, request_id is not null, outcome, deadline - queued_at, now() - queued_at"
        " from supacron.run order by id"
    )
    assert [row[:6] for row in rows] == [
        (scheduled, "schedule", None, True, None, timedelta(seconds=80)),
        (manual, "manual", "Ada", True, None, timedelta(seconds=80)),
    ]
    assert all(timedelta(0) < row[6] < timedelta(minutes=1) for row in rows)


def test_the_secret_is_read_at_run_time(runtime: Runtime, receiver: Receiver) -> None:
    runtime.connection.execute(
        "select vault.update_secret(id, 'rotated') from vault.secrets where name like '%main/key'"
    )
    runtime.trigger()
    assert receiver.wait_for(1)[0].headers["authorization"] == "Bearer rotated"


@pytest.mark.parametrize("how", ["delete from vault.secrets", "select vault.update_secret(id, '') from vault.secrets"])
@pytest.mark.parametrize("call", ["supacron.call('http')", "supacron.trigger_job('http', 'me')"])
def test_a_missing_secret_raises_and_nothing_is_queued(
    runtime: Runtime, receiver: Receiver, how: str, call: str
) -> None:
    runtime.connection.execute(f"{how} where name = 'supacron/main/key'".encode())
    with pytest.raises(errors.NoDataFound, match=r'secret "key" of stack "main" is missing .*supacron/main/key'):
        runtime.connection.execute(f"select {call}".encode())
    assert queued(runtime) == 0
    runtime.connection.execute("select supacron.call('open')")
    receiver.wait_for(1)
    assert [request.path for request in receiver.requests] == ["/open"]


def test_an_undecryptable_secret_raises(runtime: Runtime) -> None:
    runtime.superuser.execute("update vault.secrets set nonce = vault._crypto_aead_det_noncegen()")
    with pytest.raises(psycopg.DataError):
        runtime.trigger()
    assert queued(runtime) == 0


@pytest.mark.parametrize("call", ["supacron.call('{}')", "supacron.trigger_job('{}', 'me')"])
@pytest.mark.parametrize(
    ("job", "error", "text"),
    [("nobody", errors.NoDataFound, 'no job "nobody"'), ("sql", errors.WrongObjectType, '"sql" is an SQL job')],
)
def test_what_cannot_be_called(runtime: Runtime, call: str, job: str, error: type[psycopg.Error], text: str) -> None:
    with pytest.raises(error, match=text):
        runtime.connection.execute(f"select {call.format(job)}".encode())


def test_a_removed_job_is_not_called(runtime: Runtime) -> None:
    apply_here(runtime.database, stack({}, {"key": secret("supacron/main/key")}))
    with pytest.raises(errors.NoDataFound, match='no job "http"'):
        runtime.trigger()


def test_a_rollback_leaves_nothing(runtime: Runtime, receiver: Receiver) -> None:
    with runtime.connection.transaction(force_rollback=True):
        runtime.trigger()
    assert queued(runtime) == 0
    runtime.trigger("open")
    assert [request.path for request in receiver.wait_for(1)] == ["/open"]


GRANTED = """
    select has_schema_privilege(r, 'supacron', 'usage'), has_schema_privilege(r, 'supacron', 'create')
    from unnest(array['anon', 'authenticated', 'service_role', 'authenticator']) r
"""
OBJECTS = """
    select format('%s %s(%s)', case p.prokind when 'p' then 'call' else 'select' end, p.oid::regproc, (
        select string_agg('null::' || t::regtype, ', ') from unnest(p.proargtypes) t))
    from pg_proc p where p.pronamespace = 'supacron'::regnamespace
    union all
    select format(f, c.oid::regclass) from pg_class c,
        unnest(array['select from %s', 'delete from %s', 'insert into %s default values', 'truncate %s']) f
    where c.relnamespace = 'supacron'::regnamespace and (c.relkind = 'r' or c.relkind = 'v' and f like 'select%')
    union all
    select format('select nextval(%L)', c.oid::regclass) from pg_class c
    where c.relnamespace = 'supacron'::regnamespace and c.relkind = 'S'
"""


@pytest.mark.parametrize("role", ["anon", "authenticated", "service_role", "authenticator"])
@pytest.mark.parametrize("schema_is_open", [False, True])
def test_nobody_else_gets_at_anything(runtime: Runtime, role: str, schema_is_open: bool) -> None:
    """Also when somebody opened the schema, say for an API over it: each object is closed by itself."""
    assert set(runtime.all(GRANTED)) == {(False, False)}
    statements = [statement for (statement,) in runtime.all(OBJECTS)]
    assert len(statements) > 50
    if schema_is_open:
        runtime.connection.execute(f"grant usage on schema supacron to {role}".encode())
    with runtime.database.superuser() as connection:
        connection.execute(f"set role {role}".encode())
        for statement in statements:
            with pytest.raises(errors.InsufficientPrivilege, match="permission denied for"):
                connection.execute(statement.encode())


def test_a_function_that_is_added_later_is_closed_as_well(runtime: Runtime, database: Database) -> None:
    """Functions are PUBLIC's when they are made; the next apply closes what was opened."""
    runtime.connection.execute(
        "grant usage on schema supacron to anon; grant execute on function supacron.call to anon"
    )
    apply_here(database, stack({}, {"key": secret("supacron/main/key")}))
    assert set(runtime.all(GRANTED)) == {(False, False)}
    assert runtime.one("select has_function_privilege('anon', 'supacron.call(text)', 'execute')") is False
