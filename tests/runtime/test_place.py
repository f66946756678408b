"""A copy of the database, and a failover: what was recorded is changed here as another cluster would differ from it."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from supacron.operate.jobs import find_job
from supacron.plan.changes import Kind
from supacron.render.templates import directory
from tests.runtime.runtime import Runtime
from tests.support.receiver import Receiver
from tests.support.stacks import apply_here, http_job, secret, sql_job, stack

pytestmark = pytest.mark.slow

COPY = "update supacron.runtime set system_identifier = '1'"
FAILOVER = "update supacron.runtime set timeline = timeline + 1"
REFUSE = "update supacron.stack set on_failover = 'refuse'"
# What takes the tables back to those of the schema `old`: what is later goes, columns that went come again.
BACK = """
    with was as (select * from pg_class where relnamespace = 'old'::regnamespace),
    is_now as (select * from pg_class where relnamespace = 'supacron'::regnamespace),
    columns as (
        select c.relname, a.attname, format_type(a.atttypid, a.atttypmod) as type,
            c.relnamespace = 'old'::regnamespace as old
        from pg_attribute a
        join pg_class c on c.oid = a.attrelid
        where a.attnum > 0 and not a.attisdropped and c.relkind = 'r'
            and c.relname in (select relname from was intersect select relname from is_now)
            and c.relnamespace in ('old'::regnamespace, 'supacron'::regnamespace)
    )
    select format('drop %s if exists supacron.%I cascade', case relkind when 'r' then 'table' else 'view' end, relname)
    from is_now where relkind in ('r', 'v') and relname not in (select relname from was)
    union all
    select format('drop index if exists supacron.%I', relname)
    from is_now where relkind = 'i' and relname not in (select relname from was) and relname not like '%pkey'
    union all
    select case
        when bool_or(old) then format('alter table supacron.%I add %I %s', relname, attname, min(type))
        else format('alter table supacron.%I drop %I cascade', relname, attname)
    end
    from columns group by relname, attname having count(*) = 1
"""
CALLS = ["supacron.call('open')", "supacron.trigger_job('open', 'me')"]


def active(runtime: Runtime) -> list[tuple[str, bool]]:
    return runtime.all("select jobname, active from cron.job where jobname in ('open', 'sql') order by 1")


def pauses(runtime: Runtime) -> list[tuple[str, str, bool]]:
    return runtime.all(
        "select j.name, p.reason, p.automatic from supacron.pause p join supacron.job j on j.id = p.job_id order by 1"
    )


@pytest.mark.parametrize("call", CALLS)
def test_a_copy_calls_nothing(runtime: Runtime, call: str) -> None:
    runtime.connection.execute(COPY)
    with pytest.raises(errors.ObjectNotInPrerequisiteState, match="this database is a copy") as raised:
        runtime.connection.execute(f"select {call}".encode())
    assert "pulumi up" in (raised.value.diag.message_hint or "")
    assert runtime.one("select count(*) from supacron.run") == 0
    assert runtime.one("select count(*) from net.http_request_queue") == 0


@pytest.mark.parametrize("call", CALLS)
def test_a_failover_is_warned_of_or_refused_as_the_stack_says(runtime: Runtime, call: str) -> None:
    runtime.connection.execute(FAILOVER)
    runtime.connection.execute(f"select {call}".encode())
    runtime.connection.execute(REFUSE)
    with pytest.raises(errors.ObjectNotInPrerequisiteState, match="another timeline"):
        runtime.connection.execute(f"select {call}".encode())


def test_a_copy_that_brought_what_the_original_had_noted_of_itself(runtime: Runtime) -> None:
    """As a dump does, with the rows of both tables. What is noted holds for one start of one server."""
    runtime.connection.execute("select supacron.call('open')")
    runtime.connection.execute(COPY)
    runtime.connection.execute(
        "update supacron.net_epoch set system_identifier = '1', server_started_at = now() - interval '1 day'"
    )
    with pytest.raises(errors.ObjectNotInPrerequisiteState, match="this database is a copy"):
        runtime.connection.execute("select supacron.call('open')")


def test_another_start_of_the_server_is_looked_at_and_its_ids_go_on(runtime: Runtime) -> None:
    noted = "select started_at, server_started_at, system_identifier, timeline from supacron.net_epoch"
    runtime.connection.execute("select supacron.call('open')")
    before = runtime.one(noted)
    assert before[2:] == runtime.one("select system_identifier, timeline from supacron.runtime")
    runtime.connection.execute(
        "update supacron.net_epoch set server_started_at = now() - interval '1 day', timeline = null"
    )
    runtime.connection.execute("select supacron.call('open')")
    assert runtime.one(noted) == before


def test_what_a_copy_refuses_is_recorded_as_failed(runtime: Runtime) -> None:
    """By the row that pg_cron leaves when a command raises."""
    runtime.connection.execute(COPY)
    runtime.cron_run(1, "open", "failed", message="ERROR: supacron: this database is a copy of the one")
    runtime.collect()
    assert runtime.all("select outcome, error from supacron.run") == [
        ("failed", "ERROR: supacron: this database is a copy of the one")
    ]


@pytest.mark.parametrize(
    ("statements", "held"),
    [((COPY,), "this database is a copy"), ((FAILOVER, REFUSE), "this database is on another timeline")],
)
def test_sql_jobs_are_held_by_the_collector(runtime: Runtime, statements: tuple[str, ...], held: str) -> None:
    for statement in statements:
        runtime.connection.execute(statement.encode())
    runtime.collect()
    runtime.collect()
    assert active(runtime) == [("open", True), ("sql", False)]
    assert pauses(runtime) == [("sql", held, True)]
    with runtime.database.connect() as connection:
        assert find_job(connection, "main", "sql").held


@pytest.mark.parametrize("statement", ["select 1", FAILOVER])
def test_nothing_is_held_otherwise(runtime: Runtime, statement: str) -> None:
    runtime.connection.execute(statement.encode())
    runtime.collect()
    assert active(runtime) == [("open", True), ("sql", True)]
    assert pauses(runtime) == []


def test_a_persons_pause_stays_and_its_end_does_not_start_the_job_in_a_copy(runtime: Runtime) -> None:
    runtime.connection.execute(
        "insert into supacron.pause (job_id, paused_by, reason, until)"
        " select id, 'Ada', 'why', now() - interval '1 second' from supacron.job where name = 'sql'"
    )
    runtime.connection.execute("select cron.alter_job(jobid, active := false) from cron.job where jobname = 'sql'")
    runtime.connection.execute(COPY)
    runtime.collect()
    assert active(runtime) == [("open", True), ("sql", False)]
    assert pauses(runtime) == [("sql", "this database is a copy", True)]


def test_an_apply_says_that_the_jobs_run_here(runtime: Runtime, receiver: Receiver) -> None:
    wanted = stack(
        {
            "http": http_job(f"{receiver.url}/http", schedule="0 0 1 1 *", auth="key"),
            "open": http_job(f"{receiver.url}/open", schedule="0 0 1 1 *"),
            "sql": sql_job(schedule="0 0 1 1 *"),
        },
        {"key": secret("supacron/main/key")},
    )
    other = stack({"other-sql": sql_job(schedule="0 0 1 1 *")}, name="second")
    apply_here(runtime.database, wanted)
    apply_here(runtime.database, other)
    runtime.connection.execute(COPY)
    runtime.collect()
    assert [name for name, *_ in pauses(runtime)] == ["other-sql", "sql"]

    plan = apply_here(runtime.database, wanted).plan
    assert [(change.name, change.note) for change in plan.changes if not change.drift] == [
        (
            "identity",
            "this database is a copy of the one that was applied; from now on its jobs run here; "
            "those of second do, too",
        ),
        ("sql", "was held here"),
    ]
    assert pauses(runtime) == []
    assert runtime.one("select bool_and(active) from cron.job where jobname not like 'supacron-%'") is True
    runtime.connection.execute("select supacron.call('open')")
    receiver.wait_for(1)
    assert not apply_here(runtime.database, wanted).wrote


def bring_back(connection: psycopg.Connection, number: int) -> None:
    """The tables of the runtime as they were after that migration, with what is in them."""
    connection.execute("create schema old")
    for name in sorted((directory() / "runtime/migrations").glob("*.sql")):
        if int(name.name[:4]) <= number:
            connection.execute(name.read_text().replace("supacron.", "old.").encode())
    for (statement,) in connection.execute(BACK).fetchall():
        connection.execute(statement.encode())
    connection.execute("drop schema old cascade")
    connection.execute("delete from supacron.migration where number > %s", [number])


def test_a_runtime_from_before_is_migrated(runtime: Runtime, receiver: Receiver) -> None:
    """As it was before the place was checked: its tables lack the columns, and its data stays."""
    yearly = "0 0 1 1 *"
    wanted = stack(
        {
            "http": http_job(f"{receiver.url}/http", schedule=yearly, auth="key", overlap="allow"),
            "open": http_job(f"{receiver.url}/open", schedule=yearly, overlap="allow"),
            "sql": sql_job(schedule=yearly),
        },
        {"key": secret("supacron/main/key")},
    )
    with psycopg.connect(runtime.database.url, autocommit=True) as connection:
        connection.execute(
            "insert into supacron.pause (job_id, paused_by, reason) select max(id), 'Ada', '' from supacron.job"
        )
        bring_back(connection, 12)
        connection.execute(
            "update supacron.job set secret = 'key', auth_header = 'Authorization', auth_prefix = 'Bearer '"
            " where name = 'http'"
        )
        # Where scrubbed rows stood then.
        connection.execute(
            "create schema supacron_archive; create table supacron_archive.scrubbed_run as"
            " select 7::bigint as runid, jobid, job_pid, database, username, command, status, return_message,"
            " start_time, end_time, now() as scrubbed_at from (select) one left join cron.job_run_details on false"
        )
        assert find_job(connection, "main", "http").secrets == ["key"]
        assert find_job(connection, "main", "open").secrets == []
    plan = apply_here(runtime.database, wanted).plan
    # It was paused in the table alone; of the calls nothing differs but what was not known before.
    assert [str(change) for change in plan.of(Kind.JOB)] == [
        "~ job http",
        "~ job open",
        "~ job sql (changed outside: active) [drift]",
    ]
    changed = {field.name for change in plan.of(Kind.JOB) for field in change.fields}
    assert changed == {"late_after", "due", "interval_ms", "overlap", "active"}
    assert find_job(runtime.connection, "main", "http").secrets == ["key"]
    assert [row[0] for row in pauses(runtime)] == ["sql"]
    runtime.connection.execute("select supacron.call('http')")
    assert receiver.wait_for(1)[0].headers["authorization"] == "Bearer value-of-the-key"
    assert runtime.one("select on_failover from supacron.stack") == "warn"
    assert runtime.one("select applied ->> 'schedule' from supacron.job") == "0 0 1 1 *"
    assert runtime.one("select array_agg(runid) from supacron.scrubbed_run") == [7]
    assert runtime.one("select to_regnamespace('supacron_archive') is null") is True


def test_the_collector_is_started_again_by_an_apply(runtime: Runtime) -> None:
    """pg_cron keeps a job that is scheduled again as inactive as it was."""
    runtime.connection.execute(
        "select cron.alter_job(jobid, active := false) from cron.job where jobname ~ '^supacron-'"
    )
    apply_here(runtime.database, stack({}))
    assert runtime.one("select bool_and(active) from cron.job where jobname like 'supacron-%'") is True
