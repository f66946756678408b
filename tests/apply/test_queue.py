"""The queue as a part of a stack, on a real database: made, changed, mended, handed over, never lost."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local import environment
from local.ports import free_port
from local.services import REPOSITORY, Place, gateway
from supacron.apply.apply import PlanRefused
from supacron.errors import SupacronError
from supacron.live.connect import connect
from supacron.live.read import read_live
from supacron.model.desired import Desired
from supacron.model.queue import Queue, QueueJobType, resolve_queue
from supacron.plan import queue_steps
from supacron.plan.migrations import migrations
from supacron.plan.plan import make_plan
from supacron.plan.queue_steps import queue_end
from supacron.render import queue as installed
from supacron.secret import Secret
from tests.apply.test_text import ANY, SOME
from tests.queue.test_view import BACKLOG_ALERT, FAILED_JOBS, RECENT_FAILURES, STUCK_JOBS
from tests.support.database import Database
from tests.support.snapshot import catalogue
from tests.support.stacks import apply_here, destroy_here, stack

pytestmark = pytest.mark.slow

FIRST = 13
"""The last migration of the queue's first release."""
URGENT = {"transcription": QueueJobType(urgent=True)}


def wanted(name: str = "main", **rules: Any) -> Desired:
    return stack({}, name=name, queue=resolve_queue(Queue(**rules)))


def applied(database: Database, desired: Desired, **options: Any) -> list[str]:
    """What was done for the queue; applying it again does nothing."""
    outcome = apply_here(database, desired, **options)
    assert apply_here(database, desired, **options).plan.changes == ()
    return [str(change) for change in outcome.plan.changes if change.kind == "queue"]


def planned(database: Database, desired: Desired) -> list[str]:
    with connect(Secret(database.url), "test") as connection:
        plan = make_plan(desired, read_live(connection, desired.stack, []), {})
    return [str(change) for change in plan.changes]


def scalar(connection: psycopg.Connection, query: str, *parameters: Any) -> Any:
    row = connection.execute(query.encode(), parameters or None).fetchone()
    return row[0] if row else None


def queue_jobs(connection: psycopg.Connection) -> list[tuple[Any, ...]]:
    return connection.execute(
        "select schedule, command, active from cron.job where jobname = 'supacron-queue'"
    ).fetchall()


def test_the_documents_calls_and_queries_run_unchanged(
    database: Database, connection: psycopg.Connection, tmp_path: Path
) -> None:
    """As supabase-js sends them, through the API; and the queries as they stand in the document."""
    applied(database, wanted(job_types=URGENT))
    assert queue_jobs(connection) == [("* * * * *", "select supacron_queue.maintain()", True)]
    with supabase(database, tmp_path / "env") as rpc:
        arguments = {
            "p_job_type": "transcription",
            "p_payload": {"call_sid": "CA123", "recording_url": "https://..."},
            "p_priority": 8,
            "p_tenant_id": "a-tenant",
            "p_scheduled_for": "2026-03-01T09:30:00.000Z",
        }
        status, job = rpc("enqueue_job", arguments)
        assert (status, type(job)) == (200, int)
        assert rpc("enqueue_job", {**arguments, "p_priority": 10})[0] == 200
        refused = rpc("enqueue_job", {**arguments, "p_job_type": "email_notification", "p_priority": 10})
        assert refused[1]["code"] == "42501"
        status, stats = rpc("get_queue_stats", {})
        assert (status, stats[0]["total_pending"], stats[0]["avg_processing_time_seconds"]) == (200, 2, None)
    for query in (BACKLOG_ALERT, FAILED_JOBS, RECENT_FAILURES, STUCK_JOBS):
        connection.execute(query.encode())
    row = connection.execute("select status, priority, payload from priority_queue where id = %s", [job]).fetchone()
    assert row == ("pending", 8, arguments["p_payload"])


@contextmanager
def supabase(database: Database, env_file: Path) -> Iterator[Callable[[str, dict[str, Any]], tuple[int, Any]]]:
    """`supabase.rpc(name, arguments)` of a service_role client: status and data."""
    made = gateway(Place(database.cluster, port := free_port()))
    service = replace(made, env={**made.env, "SUPACRON_LOCAL_ENV_FILE": str(env_file)})
    key = environment.api_key(environment.ensure(env_file)[environment.JWT_SECRET], "service_role")
    headers = {"apikey": key, "Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def rpc(name: str, arguments: dict[str, Any]) -> tuple[int, Any]:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as caller:
            caller.request("POST", f"/rest/v1/rpc/{name}", json.dumps(arguments), headers)
            answer = caller.getresponse()
            return answer.status, json.loads(answer.read())

    service.start()
    try:
        yield rpc
    finally:
        service.stop()


DAMAGE = [
    "alter function public.claim_jobs(integer, text[], text, double precision) cost 1",
    "drop function public.get_queue_stats()",
    "grant execute on function public.cancel_job(bigint, text) to authenticated",
    "grant select on public.priority_queue to anon",
    "alter view public.priority_queue set (security_invoker = false)",
    "drop trigger priority_queue_write on public.priority_queue",
    "grant insert on supacron_queue.ready to service_role",
    "grant select (claim_token) on supacron_queue.running to authenticated",
    "drop policy own_tenant on supacron_queue.ready",
    "grant select on supacron_queue.archive_default to authenticated",
    "grant usage on schema supacron_queue to anon",
]


def test_what_was_changed_outside_is_seen_and_mended(database: Database, connection: psycopg.Connection) -> None:
    desired = wanted(job_types=URGENT)
    applied(database, desired)
    connection.execute("select public.enqueue_job('transcription'); select supacron_queue.maintain()")
    connection.execute("create function public.enqueue_job(a point) returns int language sql as 'select 1'")
    assert planned(database, desired) == [], "a function of a user's own, and what the queue does by itself"
    for statement in DAMAGE:
        connection.execute(statement.encode())
        (line,) = planned(database, desired)
        assert line == "~ queue priority_queue (functions, view or grants were changed outside) [drift]", statement
        apply_here(database, desired)
    assert planned(database, desired) == []
    connection.execute("update supacron_queue.settings set lease = '1 hour'")
    assert applied(database, desired) == ["~ queue rules (changed outside) [drift]"]
    connection.execute("delete from supacron_queue.settings")
    connection.execute("delete from supacron_queue.job_type")
    connection.execute("select cron.unschedule('supacron-queue')")
    assert applied(database, desired) == [
        "+ queue job type transcription (changed outside) [drift]",
        "~ queue rules (changed outside) [drift]",
        "~ queue supacron-queue (its cron job was changed outside) [drift]",
    ]
    assert scalar(connection, "select lease = '5 minutes' from supacron_queue.settings") is True
    assert planned(database, desired) == []
    assert len(queue_jobs(connection)) == 1
    assert scalar(connection, "select count(*) from public.priority_queue") == 1


@settings(max_examples=15)
@given(
    claim=SOME.filter(lambda text: not text.startswith("user_metadata")),
    roles=st.lists(ANY, max_size=3),
    names=st.lists(ANY, max_size=3, unique=True),
)
def test_text_in_any_rule(database: Database, claim: str, roles: list[str], names: list[str]) -> None:
    rules: dict[str, Any] = {
        "tenant_claim": claim,
        "urgent_roles": roles,
        "job_types": {name: QueueJobType() for name in names},
    }
    desired = wanted(**rules)
    apply_here(database, desired)
    with database.connect() as connection:
        found = connection.execute("select tenant_claim, urgent_roles from supacron_queue.settings").fetchall()
        types = connection.execute("select name from supacron_queue.job_type").fetchall()
        assert found == [(claim, sorted(set(roles)))]
        assert sorted(name for (name,) in types) == sorted(names)
    assert apply_here(database, desired).plan.changes == ()


def test_jobs_outlive_the_stack_and_their_queue_changes_hands(
    database: Database, connection: psycopg.Connection
) -> None:
    applied(database, wanted())
    job = scalar(connection, "select public.enqueue_job('work')")
    with pytest.raises(PlanRefused, match="belongs to the stack main"):
        apply_here(database, wanted("other"))

    (line,) = applied(database, stack({}))
    assert line.startswith("~ queue priority_queue (it holds jobs, so it stays")
    assert queue_jobs(connection) == []
    assert applied(database, wanted("other", lease="1m")) == [
        "~ queue priority_queue (taken over, with its jobs)",
        "~ queue rules",
    ]
    assert len(queue_jobs(connection)) == 1
    with pytest.raises(PlanRefused, match="belongs to the stack other"):
        apply_here(database, wanted())

    destroy_here(database, wanted("other"))
    assert queue_jobs(connection) == []
    assert scalar(connection, "select (array_agg(c.id))[1] from public.claim_jobs(1) c") == job, "workers can go on"
    apply_here(database, wanted("other"))
    destroy_here(database, wanted("other"), with_data=True)
    assert scalar(connection, "select to_regnamespace('supacron_queue')") is None


def test_it_goes_without_a_trace(database: Database, connection: psycopg.Connection) -> None:
    apply_here(database, stack({}))
    before = catalogue(connection)
    applied(database, wanted())
    assert applied(database, stack({})) == ["- queue priority_queue (it is empty)"]
    after = catalogue(connection)
    assert after["objects"] == before["objects"]
    assert after["privileges"] == before["privileges"]

    applied(database, wanted())
    connection.execute("select public.enqueue_job('work')")
    apply_here(database, stack({}))
    assert applied(database, stack({}), drop_jobs=True) == ["- queue priority_queue (with the jobs in it)"]
    assert catalogue(connection)["objects"] == before["objects"]


def test_a_job_that_comes_while_an_empty_queue_is_dropped_is_not_lost(
    database: Database, connection: psycopg.Connection
) -> None:
    apply_here(database, wanted())
    with connect(Secret(database.url), "test") as reading:
        live = read_live(reading, "main", [])
    connection.execute("select public.enqueue_job('work')")
    (drop,) = [step for step in queue_end("main", live, with_data=False) if step.title == "drop the queue"]
    with pytest.raises(psycopg.errors.RaiseException, match="a job was enqueued just now"):
        connection.execute(drop.statements[0].sql.encode())
    assert scalar(connection, "select count(*) from public.priority_queue") == 1


@pytest.mark.parametrize(
    ("made", "named"),
    [
        ("create table public.priority_queue (id bigint)", "the table public.priority_queue"),
        ("create view public.priority_queue as select 1 as id", "the view public.priority_queue"),
        (
            "create function public.enqueue_job(p_job_type text, p_key uuid) returns uuid language sql as 'select $2'",
            "the function public.enqueue_job(p_job_type text, p_key uuid)",
        ),
        ("create schema supacron_queue", "the schema supacron_queue"),
    ],
)
def test_what_a_person_made_is_not_touched(
    database: Database, connection: psycopg.Connection, made: str, named: str
) -> None:
    connection.execute(made.encode())
    with pytest.raises(PlanRefused) as refused:
        apply_here(database, wanted())
    assert f"this database already has {named}, which supacron did not make" in str(refused.value)
    assert scalar(connection, "select to_regnamespace('supacron')") is None
    apply_here(database, stack({}))
    destroy_here(database, stack({}), with_data=True)
    connection.execute(made.replace("create", "drop", 1).split("(")[0].split(" as ")[0].encode())


def test_a_table_made_by_hand_is_moved_as_documented(database: Database, connection: psycopg.Connection) -> None:
    connection.execute(
        "create table public.priority_queue (id uuid default gen_random_uuid(), job_type text, payload jsonb,"
        " priority int, tenant_id uuid, scheduled_for timestamptz default now(), status text default 'pending')"
    )
    connection.execute(
        "create function public.enqueue_job(text, jsonb, integer, uuid, timestamptz) returns uuid language sql"
        " as 'select null::uuid'"
    )
    connection.execute(
        "insert into public.priority_queue (job_type, payload, priority, tenant_id, status) values"
        " ('a', '{\"n\": 1}', 10, gen_random_uuid(), 'pending'), ('a', '{}', 5, null, 'completed')"
    )
    text = (REPOSITORY / "docs" / "queue.md").read_text()
    away, over = [part.split("```")[0] for part in text.split("```sql\n")[1:] if "old_queue" in part.split("```")[0]]
    connection.execute(away.encode())
    applied(database, wanted())
    assert scalar(connection, over) == scalar(connection, over), "a second time adds nothing"
    rows = connection.execute("select status, priority, payload from public.priority_queue").fetchall()
    assert rows == [("pending", 8, {"n": 1})]


def test_an_upgrade_keeps_the_jobs(
    database: Database, connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first release's tables, with jobs in each."""
    with monkeypatch.context() as older:
        older.setattr(queue_steps, "migrations", lambda of: [each for each in migrations(of) if each.number <= FIRST])
        older.setattr(installed, "digest", lambda: "older")
        apply_here(database, wanted())
        connection.execute(
            "insert into supacron_queue.ready (priority, job_type, tenant_id, payload, scheduled_for)"
            " values (5, 'waits', '', '{}', now())"
        )
        connection.execute(
            "insert into supacron_queue.running (id, scheduled_for, created_at, started_at, attempts,"
            " lease_expires_at, claim_token, priority, job_type, tenant_id, payload)"
            " values (90, now(), now(), now(), 1, now() + interval '1 hour', gen_random_uuid(), 5, 'runs', '', '{}')"
        )
        connection.execute(
            "insert into supacron_queue.archive (id, scheduled_for, created_at, finished_at, attempts,"
            " priority, status, job_type, tenant_id, payload) values (91, now(), now(), now(), 3, 5, 'failed', 'ended',"
            " '', '{}')"
        )
        before = connection.execute("select to_jsonb(q) from public.priority_queue q order by id").fetchall()
    assert applied(database, wanted()) == ["~ queue priority_queue"]
    assert connection.execute("select to_jsonb(q) from public.priority_queue q order by id").fetchall() == before
    assert scalar(connection, "select array_agg(c.job_type) from public.claim_jobs(9) c") == ["waits"]
    assert scalar(connection, "select public.requeue_failed('{91}')") == [91]


def test_what_depends_on_the_view_keeps_it(database: Database, connection: psycopg.Connection) -> None:
    apply_here(database, wanted())
    connection.execute("create view public.mine as select * from public.priority_queue")
    with pytest.raises(SupacronError, match="could not drop the queue: cannot drop view"):
        apply_here(database, stack({}))
    assert planned(database, wanted()) == []
