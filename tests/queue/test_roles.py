"""Who may do what: every function, the view and every table, as every role."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg import errors

from supacron.render import templates
from tests.queue.queue import NOBODY, Queue

pytestmark = pytest.mark.slow

CALLS = {
    "enqueue_job": "public.enqueue_job('open')",
    "enqueue_jobs": """public.enqueue_jobs('[{"job_type": "open"}]')""",
    "enqueue_batch": "public.enqueue_batch('open', array['{}']::jsonb[])",
    "claim_jobs": "public.claim_jobs()",
    "complete_jobs": f"public.complete_jobs('{{1}}', array['{NOBODY}']::uuid[])",
    "complete_and_claim": f"public.complete_and_claim('{{1}}', array['{NOBODY}']::uuid[])",
    "fail_jobs": f"public.fail_jobs('{{1}}', array['{NOBODY}']::uuid[])",
    "heartbeat_jobs": f"public.heartbeat_jobs('{{1}}', array['{NOBODY}']::uuid[])",
    "release_jobs": f"public.release_jobs('{{1}}', array['{NOBODY}']::uuid[])",
    "return_stuck_jobs": "public.return_stuck_jobs()",
    "cancel_job": "public.cancel_job(1)",
    "requeue_failed": "public.requeue_failed('{1}')",
    "get_queue_stats": "public.get_queue_stats()",
}
CLIENT_CALLS = {"enqueue_job", "enqueue_jobs", "enqueue_batch"}
CLIENT = {"app_metadata": {"tenant_id": "acme"}}
TABLES = [
    "settings",
    "job_type",
    "ready",
    "running",
    "archive",
    "archive_default",
    "idempotency",
    "lineup",
    "memory",
    "census",
    "migration",
]


@pytest.fixture
def open_queue(queue: Queue) -> Queue:
    """Clients may enqueue jobs of type `open`, and read."""
    queue.configure({"name": "open", "clients": True}, clients_read=True)
    return queue


def refused(queue: Queue, role: str, query: str, claims: dict[str, Any] | None = None) -> str | None:
    """Why Postgres denies it; None when it does not."""
    try:
        with queue.role(role, claims) as caller:
            caller.all(query)
    except errors.InsufficientPrivilege as error:
        return error.diag.message_primary
    return None


def test_every_public_function_is_listed_here(queue: Queue) -> None:
    made = queue.all("select distinct proname::text from pg_proc where pronamespace = 'public'::regnamespace")
    assert {name for (name,) in made} == set(CALLS)
    listed = templates.sql("queue/lock_down.sql")
    assert not [name for name in CALLS if f"'{name}'" not in listed]


@pytest.mark.parametrize("role", ["service_role", "authenticated", "anon"])
def test_who_may_call_what(open_queue: Queue, role: str) -> None:
    allowed = {"service_role": set(CALLS), "authenticated": CLIENT_CALLS, "anon": set()}[role]
    reasons = {name: refused(open_queue, role, f"select {call}", CLIENT) for name, call in CALLS.items()}
    assert reasons == {name: None if name in allowed else f"permission denied for function {name}" for name in CALLS}


def test_the_internal_functions_are_nobodys_but_one(open_queue: Queue) -> None:
    allowed = open_queue.all(
        "select p.proname::text, r.role from pg_proc p,"
        " unnest(array['anon', 'authenticated', 'service_role']) r (role)"
        " where p.pronamespace = 'supacron_queue'::regnamespace and has_function_privilege(r.role, p.oid, 'execute')"
    )
    assert allowed == [("visible_tenant", "authenticated")]


@pytest.mark.parametrize("role", ["anon", "authenticated", "service_role"])
def test_nobody_writes_to_a_table(open_queue: Queue, role: str) -> None:
    for table in TABLES:
        for privilege in ("insert", "update", "delete", "truncate"):
            allowed = open_queue.one(
                "select has_table_privilege(%s, %s, %s)", role, f"supacron_queue.{table}", privilege
            )
            assert not allowed, (table, privilege)


def test_row_level_security_is_on_for_every_table_and_partition(queue: Queue) -> None:
    without = queue.all(
        "select relname from pg_class where relnamespace = 'supacron_queue'::regnamespace"
        " and relkind in ('r', 'p') and not relrowsecurity"
    )
    assert without == []


def test_every_function_pins_its_search_path(queue: Queue) -> None:
    loose = queue.all(
        "select oid::regprocedure::text from pg_proc"
        " where pronamespace in ('public'::regnamespace, 'supacron_queue'::regnamespace)"
        " and not coalesce('search_path=\"\"' = any(proconfig), false)"
    )
    assert loose == []


def test_anon_sees_nothing(open_queue: Queue) -> None:
    open_queue.enqueue(tenant_id="acme")
    for query in ("public.priority_queue", *(f"supacron_queue.{table}" for table in TABLES)):
        assert refused(open_queue, "anon", f"select * from {query}", CLIENT)


def test_service_role_sees_everything_and_may_write_through_the_view(queue: Queue) -> None:
    job = queue.enqueue(tenant_id="acme")
    with queue.role("service_role") as service:
        assert service.status(job) == "pending"
        service.connection.execute("update public.priority_queue set status = 'cancelled' where id = %s", [job])
        service.connection.execute(
            "insert into public.priority_queue (job_type, payload) values ('work', '{\"by\": \"insert\"}')"
        )
    assert queue.counts() == {"cancelled": 1, "pending": 1}


class TestClient:
    def test_it_enqueues_for_the_tenant_of_its_token(self, open_queue: Queue) -> None:
        with open_queue.role("authenticated", CLIENT) as client:
            jobs = [
                client.enqueue("open"),
                client.enqueue("open", tenant_id="acme"),
                client.enqueue("open", idempotency_key="k"),
                *client.one("select public.enqueue_jobs(%s)", json.dumps([{"job_type": "open"}] * 2)),
                *client.one(
                    "select public.enqueue_jobs(%s)", json.dumps([{"job_type": "open", "idempotency_key": "l"}])
                ),
                *client.one("select public.enqueue_batch('open', array['{}']::jsonb[])"),
            ]
        assert {open_queue.row(job)["tenant_id"] for job in jobs} == {"acme"}
        assert len(set(jobs)) == 7

    @pytest.mark.parametrize(
        ("claims", "call", "message"),
        [
            (CLIENT, "enqueue_job('closed')", 'clients may not enqueue jobs of type "closed"'),
            (CLIENT, "enqueue_job('open', p_tenant_id => 'b')", "you may enqueue for your own tenant only"),
            ({}, "enqueue_job('open')", "your token names no tenant"),
            ({"app_metadata": {}}, "enqueue_job('open')", "your token names no tenant"),
            ({"user_metadata": {"tenant_id": "acme"}}, "enqueue_job('open')", "your token names no tenant"),
            (CLIENT, "enqueue_job('open', p_priority => 9)", 'priority 9 is kept for emergencies, which "open" is not'),
            (CLIENT, "enqueue_batch('open', '{}', p_tenant_id => 'b')", "you may enqueue for your own tenant only"),
            (
                CLIENT,
                """enqueue_jobs('[{"job_type": "open"}, {"job_type": "open", "tenant_id": "b"}]')""",
                "you may enqueue for your own tenant only",
            ),
            (
                CLIENT,
                """enqueue_jobs('[{"job_type": "open", "priority": 10}]')""",
                'priority 10 is kept for emergencies, which "open" is not',
            ),
        ],
    )
    def test_what_it_may_not(self, open_queue: Queue, claims: dict[str, Any], call: str, message: str) -> None:
        reason = refused(open_queue, "authenticated", f"select public.{call}", claims)
        assert reason == f"supacron: {message}"
        assert open_queue.counts() == {}

    def test_another_tenants_idempotency_key_tells_it_nothing(self, open_queue: Queue) -> None:
        theirs = open_queue.enqueue("open", tenant_id="other", idempotency_key="k")
        with open_queue.role("authenticated", CLIENT) as client:
            assert client.enqueue("open", idempotency_key="k") != theirs

    def test_it_sees_its_own_tenant_only(self, open_queue: Queue) -> None:
        for tenant in ("acme", "other", None):
            for _ in range(3):
                open_queue.enqueue(tenant_id=tenant)
        jobs = [job for job in open_queue.claim(9) if job.tenant_id == "acme"]
        open_queue.complete(jobs[0])
        open_queue.fail(jobs[1], final=True)
        with open_queue.role("authenticated", CLIENT) as client:
            assert client.counts() == {"processing": 1, "completed": 1, "failed": 1}
            assert {row[0] for row in client.all("select tenant_id from public.priority_queue")} == {"acme"}
            assert client.row(jobs[2].id)["max_attempts"] == 3

    def test_it_sees_nothing_unless_the_stack_says_so(self, queue: Queue) -> None:
        queue.enqueue(tenant_id="acme")
        with queue.role("authenticated", CLIENT) as client:
            assert client.counts() == {}

    @pytest.mark.parametrize("claims", [{}, {"app_metadata": {"tenant_id": ""}}, {"app_metadata": {"tenant_id": None}}])
    def test_without_a_tenant_it_sees_nothing_not_even_what_is_nobodys(
        self, open_queue: Queue, claims: dict[str, Any]
    ) -> None:
        open_queue.enqueue(), open_queue.enqueue(tenant_id="acme")
        with open_queue.role("authenticated", claims) as client:
            assert client.counts() == {}

    def test_it_never_sees_a_claim_token(self, open_queue: Queue) -> None:
        open_queue.enqueue(tenant_id="acme")
        open_queue.claim()
        assert refused(open_queue, "authenticated", "select claim_token from supacron_queue.running", CLIENT)

    @pytest.mark.parametrize(
        "change",
        [
            "update public.priority_queue set status = 'cancelled'",
            "delete from public.priority_queue",
            "insert into public.priority_queue (job_type) values ('open')",
        ],
    )
    def test_it_changes_nothing_through_the_view(self, open_queue: Queue, change: str) -> None:
        open_queue.enqueue(tenant_id="acme")
        with pytest.raises(errors.InsufficientPrivilege), open_queue.role("authenticated", CLIENT) as client:
            client.connection.execute(change.encode())

    def test_the_tenant_may_stand_elsewhere_in_the_token(self, queue: Queue) -> None:
        queue.configure({"name": "open", "clients": True}, tenant_claim="org")
        with queue.role("authenticated", {"org": 7}) as client:
            job = client.enqueue("open")
        assert queue.row(job)["tenant_id"] == "7"

    def test_it_is_a_client_through_a_function_of_the_owner_too(self, open_queue: Queue) -> None:
        """SECURITY DEFINER does not make a caller trusted; supacron_queue.enqueue is for such functions."""
        open_queue.connection.execute(
            "create function public.helper(p_inner boolean) returns bigint language plpgsql security definer as"
            " 'begin if p_inner then return supacron_queue.enqueue(''closed'', ''{}''); end if;"
            " return public.enqueue_job(''closed''); end'"
        )
        assert refused(open_queue, "authenticated", "select public.helper(false)", CLIENT)
        assert refused(open_queue, "authenticated", "select public.helper(true)", CLIENT) is None


def test_the_login_of_the_gateway_is_no_worker_of_its_own(open_queue: Queue) -> None:
    url = open_queue.database.url.replace("//postgres:", "//authenticator:")
    with psycopg.connect(url, autocommit=True) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute("select public.enqueue_job('open')")


@pytest.mark.parametrize(
    "call", [lambda q: q.enqueue(), lambda q: q.claim(), lambda q: q.one("select public.get_queue_stats()")]
)
def test_the_owner_is_no_client(queue: Queue, call: Callable[[Queue], object]) -> None:
    call(queue)


def test_installing_again_changes_no_right_and_keeps_the_jobs(open_queue: Queue) -> None:
    job = open_queue.enqueue("open", tenant_id="acme")
    again = [*templates.names("queue/functions/*.sql"), *templates.names("queue/views/*.sql"), "queue/lock_down.sql"]
    for name in again:
        open_queue.connection.execute(templates.sql(name).encode())
    assert refused(open_queue, "anon", "select public.claim_jobs()")
    with open_queue.role("authenticated", CLIENT) as client:
        assert client.status(job) == "pending"
